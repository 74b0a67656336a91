import fc from "fast-check"
import mqtt from "mqtt-packet"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { E_FULL, E_HANDLER, E_TOO_BIG } from "../../src/mqtt/constants"
import { keepInMemory } from "../../src/mqtt/persistence"
import { qos2 } from "../../src/mqtt/qos2"
import { slices, type SlicedSubscriptions } from "../../src/mqtt/slices"
import { mqtt5 } from "../../src/mqtt/v5/mqtt5"
import { Bench, type BenchOptions } from "./bench"
import { packetHex, PINGRESP, publish } from "./reference"

const LARGE = Array.from({ length: 3000 }, (_, at) => String.fromCharCode(at % 251)).join("")
/** What the chip's socket brings at a time. */
const CHUNK = 536

let part: SlicedSubscriptions
let bench: Bench
let got: { slice: string; topic: string; id: number; offset: number; total: number }[]

function online(options: BenchOptions = {}): void {
  part = slices()
  got = []
  bench = new Bench({ acks: qos2, slices: part, maxPacketBytes: 256, keepSession: true, ...options })
  subscribe("large/#", 2)
  bench.online()
  bench.socket.sent()
}
const subscribe = (filter: string, qos: 0 | 1 | 2 = 2) =>
  part.subscribe(
    bench.mqtt,
    filter,
    (slice, topic, id, offset, total) => got.push({ slice, topic, id, offset, total }),
    qos,
  )

/** Hands bytes over in the pieces that a socket would. */
function give(bytes: string, chunk = CHUNK): void {
  for (let from = 0; from < bytes.length; from += chunk) bench.socket.giveBytes(bytes.slice(from, from + chunk))
}
const large = (qos: 0 | 1 | 2, fields: { topic?: string; messageId?: number; dup?: boolean } = {}) =>
  publish({ topic: "large/x", payload: LARGE, qos, ...fields })
const offsets = () => got.map(({ offset }) => offset)
const whole = () => got.map(({ slice }) => slice).join("")

beforeEach(() => online())
afterEach(() => bench.network.finish())

describe("a payload above the limit", () => {
  test("comes in slices, each with topic, id, offset and total, and none longer than what was gathered or arrived", () => {
    give(large(1, { messageId: 300 }))
    expect(whole()).toBe(LARGE)
    expect(offsets().slice(0, 3)).toEqual([0, got[0]!.slice.length, got[0]!.slice.length + got[1]!.slice.length])
    expect(Math.max(...got.map(({ slice }) => slice.length))).toBeLessThanOrEqual(CHUNK)
    expect(new Set(got.map(({ topic, id, total }) => `${topic} ${id} ${total}`))).toEqual(new Set(["large/x 300 3000"]))
    expect(bench.socket.sent()).toBe(packetHex({ cmd: "puback", messageId: 300 }))
  })

  test("is acknowledged after the last slice, at QoS 1 and at QoS 2, and not at all at QoS 0", () => {
    for (const [qos, answer] of [
      [0, ""],
      [1, packetHex({ cmd: "puback", messageId: 7 })],
      [2, packetHex({ cmd: "pubrec", messageId: 7 })],
    ] as const) {
      const bytes = large(qos, { messageId: 7 })
      give(bytes.slice(0, -1))
      expect([qos, bench.socket.sent()]).toEqual([qos, ""])
      give(bytes.slice(-1))
      expect([qos, bench.socket.sent()]).toEqual([qos, answer])
    }
    expect(whole()).toBe(LARGE + LARGE + LARGE)
  })

  test("is the same however the stream is cut, with whole packets before and behind it in the same chunk", () => {
    const small = publish({ topic: "large/small", payload: "s" })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 700 }), (first, chunk) => {
        got = []
        const bytes = small + large(0) + small + large(0) + small
        give(bytes.slice(0, first), 4000)
        give(bytes.slice(first), chunk)
        expect(whole()).toBe(`s${LARGE}s${LARGE}s`)
        expect(got.filter(({ topic }) => topic === "large/small").map(({ offset, total }) => [offset, total])).toEqual([
          [0, 1],
          [0, 1],
          [0, 1],
        ])
      }),
      { numRuns: 60 },
    )
  })

  test("that takes longer than the keep-alive does not end the connection, in slices or passed over, while bytes come", () => {
    bench.mqtt.subscribe("plain/#", () => undefined, 1)
    bench.socket.sent()
    for (const topic of ["large/x", "plain/x"]) {
      const bytes = publish({ topic, payload: LARGE, qos: 1 })
      // No ping is answered before the end.
      for (let from = 0; from < bytes.length; from += CHUNK) {
        bench.socket.giveBytes(bytes.slice(from, from + CHUNK))
        bench.clock.advance(29_000)
      }
      expect([topic, bench.mqtt.isOnline(), bench.socket.sent().includes("40 02 00 01")]).toEqual([topic, true, true])
      bench.socket.giveBytes(PINGRESP)
    }
    expect(whole()).toBe(LARGE)
    give(large(1).slice(0, 1500))
    bench.clock.advance(60_000)
    expect(bench.events.at(-1)).toBe("down 8")
    bench.socket.sent()
  })

  test("that arrives in one piece is one slice", () => {
    bench.socket.giveBytes(large(0))
    expect(got).toEqual([{ slice: LARGE, topic: "large/x", id: 0, offset: 0, total: 3000 }])
  })

  test("starts again from offset 0 when the connection was lost in between, and is acknowledged then", () => {
    give(large(2, { messageId: 9 }).slice(0, 1500))
    bench.socket.closeByPeer()
    expect(bench.socket.sent()).toBe("")
    got = []
    bench.online(true)
    bench.socket.sent()
    give(large(2, { messageId: 9, dup: true }))
    expect([whole(), got[0]!.offset]).toEqual([LARGE, 0])
    expect(bench.socket.sent()).toBe(packetHex({ cmd: "pubrec", messageId: 9 }))
  })

  test("at QoS 2 is handed on once: a duplicate is passed over and answered, across connections", () => {
    give(large(2, { messageId: 9 }))
    bench.socket.closeByPeer()
    bench.socket.sent()
    got = []
    bench.online(true)
    bench.socket.sent()
    give(large(2, { messageId: 9, dup: true }))
    expect(got).toEqual([])
    expect(bench.socket.sent()).toBe(packetHex({ cmd: "pubrec", messageId: 9 }))
    give("\x62\x02\0\x09" + large(2, { messageId: 9 }))
    expect(whole()).toBe(LARGE)
    bench.socket.sent()
  })

  test("whose id cannot be kept is not acknowledged", () => {
    const store = { ...keepInMemory(), store: () => false }
    online({ persistence: store })
    give(large(2))
    expect([whole(), bench.socket.sent()]).toEqual([LARGE, ""])
  })

  test("for which nobody asked for slices is acknowledged, reported and passed over", () => {
    bench.mqtt.subscribe("plain/#", () => got.push(undefined as never), 1)
    bench.socket.sent()
    give(large(1, { topic: "plain/x", messageId: 4 }) + publish({ topic: "large/small", payload: "s" }))
    expect([bench.socket.sent(), whole()]).toEqual([packetHex({ cmd: "puback", messageId: 4 }), "s"])
    expect(bench.events).toContain(`trouble ${E_TOO_BIG} plain/x`)
  })

  test("with a topic that does not fit is passed over too", () => {
    give(publish({ topic: "large/" + "x".repeat(800), payload: LARGE }))
    expect([got, bench.mqtt.isOnline()]).toEqual([[], true])
    expect(bench.events.some((event) => event.startsWith(`trouble ${E_TOO_BIG}`))).toBe(true)
  })

  test("goes to each handler that asked for it, and a handler that throws harms none of it", () => {
    part.subscribe(bench.mqtt, "large/+", () => {
      throw new Error("mine")
    })
    subscribe("+/x")
    bench.socket.sent()
    give(large(1))
    expect(got.map(({ slice }) => slice).join("").length).toBe(2 * LARGE.length)
    expect(bench.events.filter((event) => event.startsWith(`trouble ${E_HANDLER}`)).length).toBe(got.length / 2)
    expect(bench.socket.sent()).toBe(packetHex({ cmd: "puback", messageId: 1 }))
  })

  test.each([0, 1])("whose handler hangs up in slice %i is given to nobody any more, and not acknowledged", (last) => {
    online({ maxSubscriptions: 4 })
    let calls = 0
    part.subscribe(bench.mqtt, "large/+", () => void (calls++ === last && bench.mqtt.drop(11)))
    subscribe("+/x", 0)
    bench.socket.sent()
    const bytes = large(2)
    give(bytes.slice(0, CHUNK * (last + 1)))
    expect([bench.socket.sent(), bench.mqtt.isOnline(), calls]).toEqual(["", false, last + 1])
    const before = got.length
    expect(got.filter(({ total }) => total !== 3000)).toEqual([])
    bench.online(true)
    bench.socket.sent()
    give(publish({ topic: "large/small", payload: "s" }))
    expect(got.slice(before).map(({ slice, offset, total }) => [slice, offset, total])).toEqual([["s", 0, 1]])
  })

  test("of which the first piece brings nothing starts with the next", () => {
    const bytes = publish({ topic: "large/" + "x".repeat(300), payload: LARGE, qos: 1 })
    give(bytes.slice(0, -3000), 4000)
    expect(got).toEqual([])
    give(bytes.slice(-3000))
    expect([whole(), offsets().filter((offset) => !offset).length]).toEqual([LARGE, 1])
    bench.socket.sent()
  })

  test("is not what has a long topic and no payload: that is passed over", () => {
    give(publish({ topic: "large/" + "x".repeat(300), payload: "", qos: 1 }))
    expect([got, bench.socket.sent()]).toEqual([[], packetHex({ cmd: "puback", messageId: 1 })])
  })
})

describe("subscribing for slices", () => {
  test("takes a place among the client's subscriptions, and says when there is none", () => {
    online({ maxSubscriptions: 2 })
    expect([subscribe("a"), subscribe("b")]).toEqual([0, E_FULL])
    bench.socket.sent()
  })

  test("brings small messages as one slice: offset 0, its length in total", () => {
    give(
      publish({ topic: "large/a", payload: "" }) + publish({ topic: "large/b", payload: "xy", qos: 1, messageId: 5 }),
    )
    expect(got).toEqual([
      { slice: "", topic: "large/a", id: 0, offset: 0, total: 0 },
      { slice: "xy", topic: "large/b", id: 0, offset: 0, total: 2 },
    ])
    bench.socket.sent()
  })
})

describe("in MQTT 5", () => {
  const five = (fields: object) =>
    mqtt
      .generate(
        {
          cmd: "publish",
          topic: "large/x",
          payload: Buffer.from(LARGE, "latin1"),
          qos: 0,
          dup: false,
          retain: false,
          ...fields,
        } as never,
        { protocolVersion: 5 },
      )
      .toString("latin1")

  beforeEach(() => {
    part = slices()
    got = []
    bench = new Bench({
      acks: qos2,
      slices: part,
      maxPacketBytes: 256,
      keepSession: true,
      five: (clock) => mqtt5(clock, { topicAliasMaximum: 2 }),
    })
    subscribe("large/#", 2)
    bench.network.allow()
    bench.mqtt.open("10.0.0.2", 1883)
    bench.socket.giveBytes(
      mqtt
        .generate({ cmd: "connack", reasonCode: 0, sessionPresent: false }, { protocolVersion: 5 })
        .toString("latin1"),
    )
    bench.socket.sent()
  })

  test("offsets count from behind the properties", () => {
    give(five({ qos: 1, messageId: 8, properties: { contentType: "x".repeat(40), userProperties: { a: "b" } } }))
    expect([whole(), got[0]!.offset, got[0]!.total, got[0]!.id]).toEqual([LARGE, 0, 3000, 8])
    expect(bench.socket.sent()).toBe(packetHex({ cmd: "puback", messageId: 8 }))
  })

  test("a topic alias stands for its topic in every slice", () => {
    give(five({ properties: { topicAlias: 1 } }))
    got = []
    give(five({ topic: "", properties: { topicAlias: 1 } }))
    expect([whole(), new Set(got.map(({ topic }) => topic))]).toEqual([LARGE, new Set(["large/x"])])
  })

  test("a shared subscription, and one with an identifier, get what is theirs", () => {
    const seen: string[] = []
    part.subscribe(bench.mqtt, "$share/g/large/+", () => seen.push("shared"), 1)
    part.subscribe(bench.mqtt, "+/x", () => seen.push("other id"), 1, { id: 9 })
    bench.socket.sent()
    give(five({ properties: { subscriptionIdentifier: 5 } }))
    expect(new Set(seen)).toEqual(new Set(["shared"]))
    give(five({ properties: { subscriptionIdentifier: 9 } }))
    expect(new Set(seen)).toEqual(new Set(["shared", "other id"]))
  })

  test("asks for no limit that would keep large messages away, where slices are taken", () => {
    const connect = (options: BenchOptions) => {
      bench.network.finish()
      bench = new Bench({ five: (clock) => mqtt5(clock), maxPacketBytes: 256, ...options })
      return bench.dial()
    }
    const limit = "27 00 00 01 00"
    expect([connect({}).includes(limit), connect({ slices: slices() }).includes(limit)]).toEqual([true, false])
  })
})
