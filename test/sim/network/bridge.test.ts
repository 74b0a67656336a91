import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { Broker } from "../../../sim/broker/broker"
import { Clock } from "../../../sim/clock/clock"
import { pace } from "../../../sim/clock/pace"
import type { HouseEvent } from "../../../sim/events"
import { House } from "../../../sim/house"
import { BOARD, RECORD, collect, online } from "../fixture"

type MqttEvent = HouseEvent & { kind: "mqtt" }

/** Our own broker behind a real port stands in for a real one: the bridge sees only bytes on a real socket. */
let real: Broker
let house: House
let events: MqttEvent[]
let faults: string[]
beforeEach(() => void (real = new Broker(new Clock(), () => undefined)))
afterEach(async () => {
  await house?.close()
  await real.close()
})

const packet = (hex: string) => `s.write("${hex.replace(/\s/g, "").replace(/../g, "\\x$&")}");`
const CONNECT = (id: string) => packet(`10 0d 0004 4d515454 04 02 003c 0001 ${Buffer.from(id).toString("hex")}`)
/** PUBLISH "x" to "t" at QoS 1, id 7; the second one is the same again with DUP. */
const PUBLISH = packet("32 06 0001 74 0007 78")
const SUBSCRIBE = packet("82 06 0001 0001 74 01") + packet("82 08 0002 0003 2b2f2b 00")

/** Boards that connect as "a", "b" ... and then do as told; the real broker's port is open. */
async function boards(programs: string[], port?: number): Promise<void> {
  port ??= (await real.listen(0)).port
  const devices = programs.map((program, i) => {
    const name = "ab"[i]!
    const open = `var s = net.connect({ host: "broker.local", port: 1883 }, function () { ${CONNECT(name)} ${program} });`
    // Acknowledges the first QoS 1 message to "t" of each chunk.
    const find = `var i = d.indexOf("\\0\\1t"); if (i > 1 && d.charCodeAt(i - 2) == 0x32)`
    const ack = `s.on("data", function (d) { ${find} s.write("\\x40\\2" + d.substr(i + 3, 2)) });`
    const bundle = online(`${open} ${ack} s.on("close", function () { print("close") })`)
    return { name: `board ${name}`, bundle, board: BOARD, record: { ...RECORD, id: name } }
  })
  house = new House({ devices, broker: { host: "127.0.0.1", port } })
  events = collect(house, "mqtt")
  faults = []
  house.on((event) => event.kind === "fault" && faults.push(event.reason))
  house.boot()
  await house.advance("3500ms")
}

async function turnUntil(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000
  while (!holds() && performance.now() < endMs)
    await pace(house, { speed: 20, untilUs: house.nowUs + 100_000, tickMs: 1 })
  expect(holds()).toBe(true)
}

const told = (events: MqttEvent[]) =>
  events.map(({ action, client, topic, payload, reason }) =>
    [action, client, topic, payload, reason].filter((field) => field !== undefined).join(" "),
  )

describe("a real broker", () => {
  test("is reached over a real socket; a board's link, messages and events are as with the broker inside", async () => {
    await boards([SUBSCRIBE + PUBLISH + packet("c000")])
    await turnUntil(() => events.some(({ action }) => action === "ack"))
    expect(real.messages).toMatchObject([{ from: "a", topic: "t", payload: "x" }])
    expect(told(events).sort()).toEqual([
      "ack a t",
      "connect a new session, keep-alive 60 s",
      "deliver a t",
      "ping a",
      "publish a t x",
      "subscribe a +/+",
      "subscribe a t",
    ])
    const { devices, messages, broker } = house.view()
    expect(messages).toMatchObject([{ from: "a", topic: "t", payload: "x", qos: 1 }])
    expect(devices[0]).toMatchObject({ link: "online", lastPublish: { topic: "t", payload: "x" } })
    expect(broker).toEqual({ clients: 1, running: true, url: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/) })
    expect(house.broker.messages).toEqual(messages)
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
  })

  test("other clients' messages show once, however many boards get them, and a board's own are not theirs", async () => {
    await boards([SUBSCRIBE, `${SUBSCRIBE} setTimeout(function () { ${packet("30 04 0001 74 79")} }, 2500)`])
    const delivered = (count: number) => () => events.filter(({ action }) => action === "deliver").length >= count
    await turnUntil(delivered(2))
    real.publish("t", "hello", { qos: 1 })
    real.publish("t", "hello")
    await turnUntil(delivered(6))
    expect(house.view().messages.map(({ from, payload }) => `${from}: ${payload}`)).toEqual([
      "b: y",
      "broker: hello",
      "broker: hello",
    ])
    expect(told(events).filter((line) => line.startsWith("publish"))).toEqual([
      "publish b t y",
      "publish broker t hello",
      "publish broker t hello",
    ])
  })

  test("a QoS 2 message sent again before its release is one message", async () => {
    await boards([packet("34 06 0001 74 0007 78") + packet("3c 06 0001 74 0007 78") + packet("62 02 0007")])
    await turnUntil(() => house.linkOf("board a") === "online")
    await house.advance("100ms")
    expect(house.view().messages).toHaveLength(1)
  })

  test("a refusal shows as such, and the board is never online", async () => {
    real.returnCode = 5
    await boards([""])
    await turnUntil(() => house.device("board a").logs.length > 0)
    expect(told(events)).toEqual(["refuse a return code 5"])
    expect(house.view()).toMatchObject({ broker: { clients: 0 }, devices: [{ link: "wifi" }] })
  })

  test("a goodbye is a disconnect, and a connection that broke is a drop", async () => {
    await boards([packet("e000") + "s.end();", ""])
    await turnUntil(() => house.linkOf("board b") === "online")
    real.stop()
    await turnUntil(() => house.linkOf("board b") !== "online")
    const ends = told(events).filter((line) => !line.startsWith("connect"))
    expect(ends).toEqual(["disconnect a", "drop b connection closed by the broker"])
  })
})

test("a broker that is not there: told once; the first socket closes, and the next connect is refused at once", async () => {
  const { port } = await real.listen(0)
  await real.close()
  const again = `function go() { try { net.connect({ host: "broker.local", port: 1883 }).on("close", go) } catch (e) { print(e.message) } } go();`
  await boards([again], port)
  const { logs } = house.device("board a")
  await turnUntil(() => logs.some(({ text }) => text === "Unable to create socket"))
  expect(faults).toEqual([`no broker answers at mqtt://127.0.0.1:${port} (ECONNREFUSED)`])
})

test("an IPv6 address stands in brackets in the URL", () => {
  const url = (host: string) => new House({ devices: [], broker: { host, port: 1883 } }).view().broker.url
  expect([url("::1"), url("broker.local")]).toEqual(["mqtt://[::1]:1883", "mqtt://broker.local:1883"])
})
