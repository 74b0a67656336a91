import { describe, expect, test } from "vitest"
import { E_FULL, E_NO_RESPONSE, E_OFFLINE } from "../../../src/mqtt/constants"
import type { Handler } from "../../../src/mqtt/contract"
import { respond, requester, type OnResponse } from "../../../src/mqtt/v5/request"
import { House, type Device } from "./house"
import { bench5, publish5 } from "./reference"

/** Who asks, and what the answers were: [error, payload] each. */
function asker(house: House, maxPending = 4) {
  const device = house.device({ clientId: "asker" }).online()
  const answers: [number, string][] = []
  const asking = requester(device.mqtt, house.halClock, "answers/asker", maxPending, 1)
  const onResponse: OnResponse = (error, payload) => void answers.push([error, payload])
  house.runS(0.1)
  return {
    device,
    asking,
    answers,
    onResponse,
    ask: (payload: string, timeoutMs = 5000) => asking.send("sum", payload, timeoutMs, onResponse),
  }
}

/** Answers at "sum" with what `answer` makes of the question; "" is silence. */
function answerer(house: House, answer: (question: string) => string): Device {
  const device = house.device({ clientId: "answerer" }).online()
  const run: Handler = (payload, _, packet) => {
    const text = answer(payload)
    if (text) respond(device.mqtt, packet, text)
  }
  return device.hear("sum", run, 2)
}

describe("requests", () => {
  test("are answered each with its own response, whatever the order", () => {
    const house = new House()
    const { asking, answers, onResponse } = asker(house)
    const late: (() => void)[] = []
    const device = house.device({ clientId: "answerer" }).online()
    device.hear("sum", (payload, _, packet) => void late.unshift(() => respond(device.mqtt, packet, `${payload}!`)))
    const mine: string[] = []
    asking.send("sum", "1", 5000, onResponse)
    asking.send("sum", "2", 5000, (_, payload) => void mine.push(payload))
    house.runS(1)
    for (const answer of late) answer()
    house.runS(1)
    expect([answers, mine, asking.pending()]).toEqual([[[0, "1!"]], ["2!"], 0])
  })

  test("say how long they are of use, and at which QoS they want their answer", () => {
    const house = new House()
    const { device, ask } = asker(house)
    answerer(house, (question) => question)
    expect(ask("x", 2500)).toBe(1)
    house.runS(1)
    expect(house.broker.messages).toMatchObject([
      {
        topic: "sum",
        qos: 1,
        properties: { messageExpiryIntervalS: 3, responseTopic: "answers/asker", correlationData: "\0\x01" },
      },
      { topic: "answers/asker", qos: 1, properties: { correlationData: "\0\x01" } },
    ])
    expect(device.seen()).toEqual([])
  })

  test("that nobody answers end in time, each at its own; one alarm serves all", () => {
    const house = new House()
    const { asking, answers, ask } = asker(house)
    const atS: number[] = []
    const startS = house.clock.nowUs / 1e6
    for (const timeoutMs of [3000, 1000, 2000, 2000])
      expect(
        asking.send(
          "sum",
          "x",
          timeoutMs,
          (error) => void (error && atS.push(Math.round(house.clock.nowUs / 1e6 - startS))),
        ),
      ).toBe(1)
    expect(ask("one too many")).toBe(E_FULL)
    house.runS(10)
    expect([atS, asking.pending(), answers]).toEqual([[1, 2, 2, 3], 0, []])
    expect(ask("again")).toBe(1)
  })

  test("a response that comes too late is nobody's, not even that of the next request", () => {
    const house = new House()
    const { asking, answers, ask } = asker(house, 1)
    const late: (() => void)[] = []
    const device = house.device({ clientId: "answerer" }).online()
    device.hear("sum", (payload, _, packet) => void late.push(() => respond(device.mqtt, packet, payload)))
    ask("first", 1000)
    house.runS(2)
    ask("second", 5000)
    house.runS(1)
    late[0]!()
    house.runS(1)
    expect([answers, asking.pending()]).toEqual([[[E_NO_RESPONSE, ""]], 1])
    late[1]!()
    house.runS(1)
    expect(answers).toEqual([
      [E_NO_RESPONSE, ""],
      [0, "second"],
    ])
  })

  test("a handler that throws, or asks again, disturbs no other", () => {
    const house = new House()
    const { device, asking, answers, ask, onResponse } = asker(house)
    answerer(house, (question) => question)
    asking.send("sum", "throws", 5000, () => {
      throw new Error("mine")
    })
    asking.send("sum", "asks", 5000, () => void asking.send("sum", "nested", 5000, onResponse))
    ask("plain")
    house.runS(1)
    expect(answers.map(([, payload]) => payload)).toEqual(["plain", "nested"])
    expect(device.seen()).toEqual([expect.stringMatching(/^trouble -4 .*mine/)])
    expect(asking.pending()).toBe(0)
  })

  test("go out at QoS 0 unless told otherwise", () => {
    const bench = bench5()
    const asking = requester(bench.mqtt, bench.clock, "answers", 2)
    expect(asking.send("sum", "?", 1000, (_, payload) => bench.events.push(payload))).toBe(0)
    bench.socket.sent()
    bench.answer(publish5({ topic: "answers", payload: "!", properties: { correlationData: Buffer.from([0, 1]) } }))
    expect([bench.seen(), asking.pending()]).toEqual([["!"], 0])
  })

  test("that cannot be sent are refused and leave nothing", () => {
    const bench = bench5()
    const asking = requester(bench.mqtt, bench.clock, "answers", 2)
    bench.mqtt.drop(10)
    expect(asking.send("sum", "x", 1000, () => bench.events.push("answered"))).toBe(E_OFFLINE)
    expect(asking.pending()).toBe(0)
    bench.seen()
    bench.clock.advance(10_000)
    expect(bench.seen()).toEqual([])
  })

  test("ten thousand leave nothing behind", () => {
    const house = new House()
    const { asking, answers, ask } = asker(house)
    answerer(house, (question) => (question.endsWith("7") ? "" : question))
    // Kept by the broker for its tests, and not by us.
    for (let i = 0; i < 10_000; i++) {
      expect(ask(`${i}`, 50)).toBe(1)
      house.runS(0.1)
    }
    expect(answers).toHaveLength(10_000)
    expect(answers.filter(([error]) => error === E_NO_RESPONSE)).toHaveLength(1000)
    expect(asking.pending()).toBe(0)
  })
})

describe("respond", () => {
  const answer = (packet: string) => {
    const bench = bench5()
    return [respond(bench.mqtt, packet, "y"), bench.packets()] as const
  }

  test("answers at the QoS of the question, with its correlation data and with properties of its own", () => {
    const bench = bench5()
    const correlationData = Buffer.from([0, 255])
    const question = publish5({ qos: 1, properties: { responseTopic: "r", correlationData } })
    expect(respond(bench.mqtt, question, "y", { contentType: "c" })).toBe(1)
    expect(bench.packets()).toMatchObject([{ topic: "r", qos: 1, properties: { correlationData, contentType: "c" } }])
  })

  test("answers a question without correlation data", () => {
    expect(answer(publish5({ properties: { responseTopic: "r" } }))).toMatchObject([0, [{ topic: "r", qos: 0 }]])
  })

  test.each([
    ["asks for no answer", publish5()],
    ["asks for one to a wildcard", publish5({ properties: { responseTopic: "a/#" } })],
    ["asks for one to no topic", publish5({ properties: { responseTopic: "" } })],
  ])("a message that %s gets none", (_, packet) => {
    expect(answer(packet)).toEqual([E_NO_RESPONSE, []])
  })
})

test("without a place for its subscription nobody is asked", () => {
  const bench = bench5({ maxSubscriptions: 0 })
  const asking = requester(bench.mqtt, bench.clock, "answers", 4)
  const answers: number[] = []
  expect(asking.send("sum", "1", 1000, (error) => void answers.push(error))).toBe(E_FULL)
  bench.clock.advance(2000)
  expect([bench.socket.sent(), asking.pending(), answers]).toEqual(["", 0, []])
})
