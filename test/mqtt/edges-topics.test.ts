import { afterEach, describe, expect, test } from "vitest"
import { E_FULL, E_LOWER_QOS } from "../../src/mqtt/constants"
import { qos2 } from "../../src/mqtt/qos2"
import { toHex } from "../fakes/bytes"
import { onlineBench, type Bench, type BenchOptions } from "./bench"
import { packet, publish, requestId, suback, unsuback, unsubscribeId } from "./reference"

/** The edges of facts/mqtt.md, section 4, "Topics", for MQTT 3.1.1; and how subscriptions come and go. */
let bench: Bench
const makeOnline = (options?: BenchOptions) => (bench = onlineBench({ acks: qos2, keepSession: true, ...options }))
afterEach(() => bench.network.finish())

const subscribeHex = (topic: string, place: number, qos: 0 | 1 | 2 = 0) =>
  toHex(packet({ cmd: "subscribe", messageId: requestId(place), subscriptions: [{ topic, qos }] }))
const unsubscribeHex = (topic: string, place: number) =>
  toHex(packet({ cmd: "unsubscribe", messageId: unsubscribeId(place), unsubscriptions: [topic] }))
const give = (topic: string, payload = "x") => {
  bench.socket.giveBytes(publish({ topic, payload }))
  return bench.seen()
}

describe("edge 32: SUBACK failure and downgrade per filter; UNSUBACK without codes [MQTT-3.9.3-1, -2, 3.10.4-4]", () => {
  test("each filter has an answer of its own: one granted, one lowered, one refused", () => {
    makeOnline()
    for (const filter of ["as/asked", "lower", "refused"]) bench.listen(filter, 2)
    bench.socket.sent()
    bench.socket.giveBytes(suback(2, 0x80) + suback(0, 2) + suback(1, 1))
    expect(bench.seen()).toEqual(["trouble 128 refused", `trouble ${E_LOWER_QOS} lower`])
    expect([give("as/asked"), give("lower")]).toEqual([["as/asked: as/asked=x"], ["lower: lower=x"]])
  })

  test("a refused filter is asked for again on a new session, and on no other", () => {
    makeOnline().listen("refused", 1)
    bench.socket.giveBytes(suback(0, 0x80))
    bench.socket.sent()
    bench.online(true)
    expect(bench.socket.sent()).toBe("")
    bench.online(false)
    expect(bench.socket.sent()).toBe(subscribeHex("refused", 0, 1))
  })

  test("UNSUBSCRIBE names one filter, and its answer has an id alone", () => {
    makeOnline().listen("a")
    bench.listen("b")
    bench.socket.sent()
    bench.unsubscribe("a")
    expect(bench.socket.sent()).toBe(unsubscribeHex("a", 0))
    bench.socket.giveBytes(unsuback(0))
    expect([bench.seen(), bench.mqtt.isOnline(), give("a"), give("b")]).toEqual([[], true, [], ["b: b=x"]])
  })

  test.each([
    ["an id of no subscription", "b0 02 9f 05"],
    ["the id of a SUBSCRIBE", "b0 02 7f 00"],
    ["an id of messages", "b0 02 00 01"],
    ["a code, as in 5.0", "b0 03 9f 00 00"],
    ["no whole id", "b0 01 9f"],
  ])("UNSUBACK with %s ends the connection", (_what, bytes) => {
    makeOnline().listen("a")
    bench.unsubscribe("a")
    bench.socket.sent()
    bench.socket.give(bytes)
    expect(bench.seen()).toEqual(["down 9"])
  })
})

describe("edge 33: PUBLISH before its SUBACK (clause 3.8.4)", () => {
  test.each([0, 1, 2] as const)("at QoS %d is handed on", (qos) => {
    makeOnline().listen("a", qos)
    bench.socket.sent()
    const answer = bench.answer(publish({ topic: "a", payload: "early", qos, messageId: 4 }) + suback(0, qos))
    expect([bench.seen(), answer]).toEqual([["a: a=early"], ["", "40 02 00 04", "50 02 00 04"][qos]])
  })
})

describe("edge 34: wildcards and $ (clause 4.7)", () => {
  test.each([
    ["sport/#", "sport", true],
    ["sport/#", "sport/a/b", true],
    ["sport/#", "sports", false],
    ["sport/+", "sport/", true],
    ["sport/+", "sport", false],
    ["+/+", "/", true],
    ["#", "$SYS/up", false],
    ["+/up", "$SYS/up", false],
    ["+/#", "$SYS/up", false],
    ["$SYS/#", "$SYS/up", true],
    ["$SYS/+", "$SYS/up", true],
  ])("%s takes %s: %j [MQTT-4.7.1-2, -3, 4.7.2-1]", (filter, topic, isTaken) => {
    makeOnline().listen(filter)
    bench.socket.sent()
    expect(give(topic)).toEqual(isTaken ? [`${filter}: ${topic}=x`] : [])
  })

  test.each(["a+", "+a", "a/b+/c", "a/#/b", "a#", "#/a", "##", "++", "", "a\0b"])(
    "a filter %j is refused where it is written, and nothing is sent",
    (filter) => {
      makeOnline()
      expect(() => bench.listen(filter)).toThrow("topic or QoS")
      expect([bench.socket.sent(), bench.mqtt.isOnline()]).toEqual(["", true])
    },
  )
})

describe("edge 35: overlapping filters (clause 3.3.5)", () => {
  test.each([0, 1, 2] as const)("at QoS %d each handler runs once a message, in the order they were made", (qos) => {
    makeOnline({ maxSubscriptions: 8 })
    for (const filter of ["a/+", "a/b", "#", "a/b", "c"]) bench.listen(filter, qos)
    bench.socket.sent()
    bench.socket.giveBytes(publish({ topic: "a/b", payload: "x", qos, messageId: 3 }))
    expect(bench.seen()).toEqual(["a/+: a/b=x", "a/b: a/b=x", "#: a/b=x", "a/b: a/b=x"])
    bench.socket.sent()
  })

  test("a broker that sends a copy for each is taken at its word: 3.1.1 has nothing to tell them apart by", () => {
    makeOnline().listen("a/+", 1)
    bench.listen("a/b", 2)
    bench.socket.sent()
    const copies = ([1, 2] as const).map((qos) => publish({ topic: "a/b", payload: "x", qos, messageId: qos }))
    expect(bench.answer(copies.join(""))).toBe("40 02 00 01 50 02 00 02")
    expect(bench.seen()).toHaveLength(4)
  })

  test("$share is a name like any other in 3.1.1", () => {
    makeOnline().listen("$share/g/a")
    expect(bench.socket.sent()).toBe(subscribeHex("$share/g/a", 0))
    expect([give("a"), give("$share/g/a")]).toEqual([[], ["$share/g/a: $share/g/a=x"]])
  })
})

describe("edge 37: empty SUBSCRIBE [MQTT-3.8.3-3]; wildcard in a published topic [MQTT-3.3.2-2]", () => {
  test("no SUBSCRIBE goes out without a filter", () => {
    makeOnline()
    bench.online(false)
    expect(bench.socket.sent()).toBe("")
  })

  test.each(["a/+", "#", "a/#/b", "+", "", "a\0"])("publishing to %j throws and sends nothing", (name) => {
    makeOnline()
    for (const options of [undefined, { qos: 1 }, { qos: 2 }, { retain: true }] as const)
      expect(() => bench.mqtt.publish(name, "x", options)).toThrow("topic or QoS")
    expect([bench.socket.sent(), bench.session.pending()]).toEqual(["", 0])
  })

  test.each(["a/+", "#", "+", ""])("a message to %j ends the connection", (topic) => {
    makeOnline().listen("#")
    bench.socket.sent()
    bench.socket.giveBytes(String.fromCharCode(0x30, topic.length + 3, 0, topic.length) + topic + "x")
    expect(bench.seen()).toEqual(["down 9"])
  })
})

describe("unsubscribing", () => {
  test("offline is told when the broker is there again, instead of subscribing; but not a new session, which knows nothing", () => {
    for (const isResumed of [true, false]) {
      makeOnline({ maxSubscriptions: 1 }).listen("a")
      bench.socket.giveBytes(suback(0))
      bench.socket.sent()
      bench.socket.closeByPeer()
      bench.unsubscribe("a")
      bench.online(isResumed)
      expect(bench.socket.sent()).toBe(isResumed ? unsubscribeHex("a", 0) : "")
      if (isResumed) bench.socket.giveBytes(unsuback(0))
      bench.seen()
      bench.online(true)
      expect([bench.socket.sent(), give("a"), bench.listen("b")]).toEqual(["", ["up resumed"], 0])
      expect(bench.socket.sent()).toBe(subscribeHex("b", 0))
    }
  })

  test("on a kept session goes out before what is subscribed anew: a filter that is both stays subscribed", () => {
    for (const isResumed of [true, false]) {
      makeOnline().listen("free")
      bench.listen("x")
      bench.socket.giveBytes(suback(0) + suback(1))
      bench.unsubscribe("free")
      bench.socket.giveBytes(unsuback(0))
      bench.unsubscribe("x")
      // It takes the place in front of the one that is still to be unsubscribed.
      bench.listen("x", 1)
      expect(bench.socket.sent().endsWith([unsubscribeHex("x", 1), subscribeHex("x", 0, 1)].join(" "))).toBe(true)
      bench.socket.closeByPeer()
      bench.online(isResumed)
      const again = isResumed ? [unsubscribeHex("x", 1), subscribeHex("x", 0, 1)] : [subscribeHex("x", 0, 1)]
      expect(bench.socket.sent()).toBe(again.join(" "))
    }
  })

  test("at once has an id of its own, and asking twice is asking once [2.3.1-2]", () => {
    makeOnline().listen("a")
    bench.unsubscribe("a")
    bench.unsubscribe("a")
    expect(bench.socket.sent()).toBe("82 06 7f 00 00 01 61 00 a2 05 9f 00 00 01 61")
    bench.socket.giveBytes(unsuback(0))
    bench.unsubscribe("a")
    expect([bench.socket.sent(), bench.seen(), bench.mqtt.isOnline()]).toEqual(["", [], true])
  })

  test("ends every subscription to that very filter, and no other", () => {
    makeOnline({ maxSubscriptions: 8 })
    for (const filter of ["a/b", "a/+", "a/b"]) bench.listen(filter)
    bench.socket.sent()
    bench.unsubscribe("a/b")
    expect(bench.socket.sent()).toBe([unsubscribeHex("a/b", 0), unsubscribeHex("a/b", 2)].join(" "))
    expect(give("a/b")).toEqual(["a/+: a/b=x"])
  })

  test("hands nothing on any more, whether its answer has come or not, and acknowledges what still comes", () => {
    makeOnline().listen("a", 2)
    bench.unsubscribe("a")
    bench.socket.sent()
    const late = (qos: 1 | 2) => publish({ topic: "a", payload: "late", qos, messageId: 6 })
    expect(bench.answer(late(1) + late(2) + unsuback(0) + late(1))).toBe("40 02 00 06 50 02 00 06 40 02 00 06")
    expect(bench.seen()).toEqual([])
  })

  test("gives the place back once the broker has answered, and not before", () => {
    makeOnline({ maxSubscriptions: 2 }).listen("a")
    bench.listen("b")
    bench.unsubscribe("a")
    expect(bench.listen("c")).toBe(E_FULL)
    bench.socket.giveBytes(unsuback(0))
    bench.socket.sent()
    expect(bench.listen("c", 1)).toBe(0)
    expect(bench.socket.sent()).toBe(subscribeHex("c", 0, 1))
    bench.socket.giveBytes(suback(0, 1))
    expect([give("a"), give("b"), give("c"), bench.listen("d")]).toEqual([[], ["b: b=x"], ["c: c=x"], E_FULL])
    bench.online(false)
    expect(bench.socket.sent()).toBe([subscribeHex("c", 0, 1), subscribeHex("b", 1)].join(" "))
  })

  test("is not over with the SUBACK that was still on its way", () => {
    makeOnline({ maxSubscriptions: 1 }).listen("a")
    bench.unsubscribe("a")
    bench.socket.sent()
    bench.socket.giveBytes(suback(0))
    expect(bench.listen("b")).toBe(E_FULL)
    bench.socket.giveBytes(unsuback(0))
    expect([bench.seen(), bench.listen("b"), bench.socket.sent()]).toEqual([[], 0, subscribeHex("b", 0)])
  })

  test("leaves no answer to be taken for one to whoever has the place next", () => {
    makeOnline({ maxSubscriptions: 1 }).listen("a")
    bench.unsubscribe("a")
    bench.unsubscribe("a")
    bench.socket.giveBytes(suback(0) + unsuback(0))
    bench.listen("b")
    bench.socket.giveBytes(unsuback(0))
    bench.socket.sent()
    // The broker has not answered "b": on the next connection it is asked for again.
    bench.online(true)
    expect([bench.seen(), bench.socket.sent()]).toEqual([["up resumed"], subscribeHex("b", 0)])
  })

  test("is told once: a new session has no such subscription", () => {
    makeOnline().listen("a")
    bench.unsubscribe("a")
    bench.socket.giveBytes(unsuback(0))
    bench.socket.sent()
    bench.online(false)
    expect(bench.socket.sent()).toBe("")
  })

  test("gives every place back, however often a program subscribes and unsubscribes", () => {
    makeOnline({ maxSubscriptions: 2 }).listen("held")
    for (let i = 0; i < 100; i++) {
      expect(bench.listen(`f/${i}`)).toBe(0)
      bench.unsubscribe(`f/${i}`)
      bench.socket.giveBytes(suback(1) + unsuback(1))
    }
    expect([bench.seen(), bench.mqtt.isOnline(), give("held")]).toEqual([[], true, ["held: held=x"]])
    bench.socket.sent()
  })

  test("of a filter that was never subscribed does nothing", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.unsubscribe("b")
    expect([bench.socket.sent(), give("a")]).toEqual(["", ["a: a=x"]])
  })
})
