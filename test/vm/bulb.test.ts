import { afterAll, beforeAll, expect, it } from "vitest"
import { Board } from "./board"
import { Mosquitto } from "../brokers/mosquitto"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

const TOPIC = "sensor/data"
const PINS = { red: 16, green: 17, blue: 23 }

/** What the lamp's light must be: 40 to 255 over the humidity, gamma 2.2; written from the requirement, not the driver. */
const duty = (channel: number, humidityPct: number) => ((channel * (40 + humidityPct * 2.15)) / 255 / 255) ** 2.2

onEachInterpreter("the bulb bundle against Mosquitto", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board

  beforeAll(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port)
    const settings = { ...PINS, topic: TOPIC }
    board = await Board.boot(interpreter, "src/apps/bulb.ts", { port: broker.port, settings })
    await broker.subscribed(TOPIC)
  })
  afterAll(async () => {
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  const near = (...light: number[]) => light.map((each) => expect.closeTo(each, 4) as number)
  const lamp = () => board.ask<number[]>("[rig.duty[16],rig.duty[17],rig.duty[23]]")

  /** The fade is over when two looks, further apart than its steps, see the same light. */
  async function settled(): Promise<number[]> {
    let before = await lamp()
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      const now = await lamp()
      if (`${now}` === `${before}`) return now
      before = now
    }
  }

  it("is dark until told", async () => {
    expect(await settled()).toEqual([0, 0, 0])
  })

  it("shows red when it is hot, as bright as the air is damp", async () => {
    await peer.publish(TOPIC, '{"temperature":31,"humidity":40}')
    expect(await settled()).toEqual(near(duty(255, 40), 0, 0))
  })

  it("shows blue below zero and green in between", async () => {
    await peer.publish(TOPIC, '{"temperature":-12.5,"humidity":100}', 0)
    expect(await settled()).toEqual(near(0, 0, 1))
    await peer.publish(TOPIC, '{"temperature":22,"humidity":0}')
    expect(await settled()).toEqual(near(0, duty(255, 0), 0))
  })

  it("stays as it was on malformed JSON, values out of range or missing, and bytes that are no text", async () => {
    const before = await settled()
    const writes = await board.ask("rig.writes")
    const nonsense = [
      "",
      "{",
      "null",
      '{"temperature":31}',
      '{"temperature":"31","humidity":40}',
      '{"temperature":1e9,"humidity":40}',
      '{"temperature":31,"humidity":-1}',
      '{"temperature":31,"humidity":\xC2\xB0}',
      "\x00\xFF\x80",
    ]
    for (const payload of nonsense) await peer.publish(TOPIC, payload)
    await board.printed(/^bulb: /)
    // One more message that counts: when it has arrived, so have the others.
    await peer.publish(TOPIC, '{"temperature":22,"humidity":0}')
    await board.printed(/readings again after 9 other/)
    expect(await settled()).toEqual(before)
    expect(await board.ask("rig.writes")).toBeGreaterThan(writes)
  })

  it("hears again after Wi-Fi was gone", async () => {
    await board.ask("(rig.wifiLost(),1)")
    await board.printed(/link lost/)
    await board.ask("(rig.isAccessPointUp=true,1)")
    await board.printed(/mqtt: online/, 12000, 2)
    await peer.publish(TOPIC, '{"temperature":31,"humidity":40}', 1, true)
    expect(await settled()).toEqual(near(duty(255, 40), 0, 0))
    expect(board.log()).not.toMatch(/uncaught|OUT OF|STACK|Interrupted/i)
  })
})
