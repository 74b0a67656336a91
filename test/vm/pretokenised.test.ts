import { afterAll, beforeAll, expect, it } from "vitest"
import { Mosquitto } from "../brokers/mosquitto"
import { Board } from "./board"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"
import { shipped, type Shipped } from "./shipped"

/** What is told to a program and what it then must say, of which both forms of it must say the same. */
interface Talk {
  device: string
  /** Overrides what flash.config.json says, so that the test need not wait for it. */
  settings?: Shipped["settings"]
  tell?: [topic: string, payload: string]
  /** Topics whose first payload is compared. */
  hear: string[]
  /** An expression on the board that is compared when it stands still. */
  look?: string
}

const TALKS: Talk[] = [
  { device: "climate", settings: { interval: 2000 }, hear: ["sensor/data"] },
  {
    device: "bulb",
    tell: ["sensor/data", '{"temperature":31,"humidity":40}'],
    hear: [],
    look: "[rig.duty[16],rig.duty[17],rig.duty[23]]",
  },
  { device: "weather-station", settings: { interval: 1000 }, hear: ["weather", "weather/state"] },
  { device: "light-meter", settings: { interval: 1000 }, hear: ["light", "light/lamp"] },
]

onEachInterpreter("a pretokenised program says and does what the minified one does", (interpreter) => {
  let broker: Mosquitto
  let devices: Shipped[]

  beforeAll(async () => {
    broker = await Mosquitto.start()
    devices = await shipped()
  })
  afterAll(() => broker?.stop())

  it.each(TALKS)("$device", { timeout: 60_000 }, async (talk) => {
    const minified = await outcome(talk, false)
    expect(await outcome(talk, true)).toEqual(minified)
    expect(minified.heard.length).toBe(talk.hear.length)
  })

  async function outcome({ device, settings, tell, hear, look }: Talk, tokens: boolean) {
    const { program, fakes, settings: written } = devices.find(({ name }) => name === device)!
    const peer = await Peer.connect(broker.port)
    await peer.subscribe("#")
    const all = { ...written, ...settings }
    const board = await Board.boot(interpreter, program, { port: broker.port, settings: all, fakes, tokens })
    try {
      await board.printed(/mqtt: online/)
      if (tell) {
        await broker.subscribed(tell[0])
        await peer.publish(...tell)
      }
      const heard = []
      for (const topic of hear) heard.push([topic, await peer.got(topic, () => true)])
      return { heard, seen: look && (await still(board, look)), said: saidBy(board) }
    } finally {
      board.close()
      // What was kept would be the next program's answer.
      for (const topic of hear) await peer.publish(topic, "", 1, true)
      peer.close()
    }
  }
})

/** The value when two looks, further apart than the steps of a fade, agree. */
async function still(board: Board, expression: string): Promise<unknown> {
  let before: unknown
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    const now = await board.ask<unknown>(expression)
    if (JSON.stringify(now) === JSON.stringify(before) && JSON.stringify(now) !== "[0,0,0]") return now
    before = now
  }
}

/** The program's own words, without what the interpreter prints at its start. */
const saidBy = (board: Board): string[] =>
  board
    .log()
    .split("\n")
    .filter((line) => /^(wifi|mqtt|uncaught|dht22|bme280|bh1750)|Error|OUT OF/i.test(line))
