import { afterEach, beforeEach, expect, test } from "vitest"
import { Broker } from "../../../sim/broker/broker"
import { Clock } from "../../../sim/clock/clock"
import { pace } from "../../../sim/clock/pace"
import type { HouseEvent } from "../../../sim/events"
import { House } from "../../../sim/house"
import { BOARD, RECORD, collect, online } from "../fixture"

/** A board that speaks MQTT 5 with a real broker: what passes is told as the broker inside would. */
let real: Broker
let house: House
let events: (HouseEvent & { kind: "mqtt" })[]
beforeEach(() => void (real = new Broker(new Clock(), () => undefined)))
afterEach(async () => {
  await house?.close()
  await real.close()
})

const packet = (hex: string) => `s.write("${hex.replace(/\s/g, "").replace(/../g, "\\x$&")}");`
/** Takes two topic aliases. */
const CONNECT = packet("10 11 0004 4d515454 05 02 003c 03 22 0002 0001 61")
const SUBSCRIBE = packet("82 07 0001 00 0001 74 00") + packet("82 07 0002 00 0001 6e 00")

async function board(program: string): Promise<void> {
  const { port } = await real.listen(0)
  const bundle = online(
    `var s = net.connect({ host: "broker.local", port: 1883 }, function () { ${CONNECT} ${program} }); s.on("data", function () {});`,
  )
  const devices = [{ name: "board", bundle, board: BOARD, record: { ...RECORD, id: "a" } }]
  house = new House({ devices, broker: { host: "127.0.0.1", port } })
  events = collect(house, "mqtt")
  house.boot()
  await house.advance("3500ms")
}

async function turnUntil(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000
  while (!holds() && performance.now() < endMs)
    await pace(house, { speed: 20, untilUs: house.nowUs + 100_000, tickMs: 1 })
  expect(holds()).toBe(true)
}

const topics = (action: string) => events.filter((event) => event.action === action).map(({ topic }) => topic)

test("a topic alias that the board sets stands for its topic, until it is set anew", async () => {
  const spelt = (topic: string, payload: string) => packet(`30 08 0001 ${topic} 03 230001 ${payload}`)
  const short = (payload: string) => packet(`30 07 0000 03 230001 ${payload}`)
  await board(spelt("78", "31") + short("32") + spelt("79", "33") + short("34"))
  await turnUntil(() => real.messages.length === 4)
  expect(topics("publish")).toEqual(["x", "x", "y", "y"])
  expect(house.broker.messages.map(({ topic, payload }) => topic + payload)).toEqual(["x1", "x2", "y3", "y4"])
  expect(real.messages.map(({ topic, payload }) => topic + payload)).toEqual(["x1", "x2", "y3", "y4"])
})

test("a topic alias that the broker sets stands for its topic", async () => {
  await board(SUBSCRIBE)
  await turnUntil(() => topics("subscribe").length === 2)
  for (const payload of ["1", "2"]) real.publish("t", payload)
  await turnUntil(() => topics("deliver").length === 2)
  expect(topics("deliver")).toEqual(["t", "t"])
  expect(house.view().messages.map(({ topic, payload }) => topic + payload)).toEqual(["t1", "t2"])
})

test("an alias that was never set shows as no topic, and what follows is read on", async () => {
  await board(packet("30 07 0000 03 230002 31") + packet("c000"))
  await turnUntil(() => events.some(({ action }) => action === "ping"))
  expect(topics("publish")).toEqual([""])
})

test("a subscription that is refused with any code of 5.0 is none", async () => {
  real.refusedFilters.add("t")
  await board(SUBSCRIBE)
  await turnUntil(() => topics("subscribe").length > 0)
  expect(topics("subscribe")).toEqual(["n"])
})
