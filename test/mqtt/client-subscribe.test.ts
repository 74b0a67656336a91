import { afterEach, describe, expect, test } from "vitest"
import { DOWN_MALFORMED, E_FULL, E_LOWER_QOS } from "../../src/mqtt/constants"
import { toHex } from "../fakes/bytes"
import { Bench, onlineBench, type BenchOptions } from "./bench"
import { packet, publish, requestId, suback } from "./reference"

let bench: Bench
const make = (options?: BenchOptions) => (bench = new Bench(options))
const makeOnline = (options?: BenchOptions) => (bench = onlineBench(options))
afterEach(() => bench.network.finish())

const subscribeHex = (topic: string, place: number, qos: 0 | 1 = 0) =>
  toHex(packet({ cmd: "subscribe", messageId: requestId(place), subscriptions: [{ topic, qos }] }))

describe("subscribing", () => {
  test("asks at once when online, and with the CONNACK when not [3.8]", () => {
    make().listen("a/b", 1)
    bench.online()
    expect(bench.socket.sent()).toBe(subscribeHex("a/b", 0, 1))
    bench.listen("c/#")
    expect(bench.socket.sent()).toBe(subscribeHex("c/#", 1))
  })

  test("asks again on a new session, and not on one the broker kept", () => {
    make({ keepSession: true }).listen("a")
    bench.online()
    bench.socket.sent()
    bench.socket.giveBytes(suback(0))
    bench.online(true)
    expect(bench.socket.sent()).toBe("")
    bench.online(false)
    expect(bench.socket.sent()).toBe(subscribeHex("a", 0))
  })

  test("asks again on a kept session when the answer never came, or when the filter is new", () => {
    make({ keepSession: true }).listen("a")
    bench.online().socket.sent()
    bench.socket.closeByPeer()
    bench.listen("b")
    bench.online(true)
    expect(bench.socket.sent()).toBe([subscribeHex("a", 0), subscribeHex("b", 1)].join(" "))
  })

  test("reports the filter that the broker refuses [3.9.3], and lives on", () => {
    makeOnline().listen("a")
    bench.listen("secret/#")
    bench.socket.sent()
    bench.socket.giveBytes(suback(1, 0x80) + suback(0))
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([["trouble 128 secret/#"], true])
  })

  test.each([3, 5, 0x7f, 0x83, 0xff])("a code the standard reserves, %d, ends the connection [3.9.3-2]", (code) => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.giveBytes(suback(0, code))
    expect(bench.seen()).toEqual([`down ${DOWN_MALFORMED}`])
  })

  test("does not call a higher QoS than was asked for a lower one", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.giveBytes(suback(0, 2))
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([[], true])
  })

  test("asks again when a new session was lost before it answered, though an older one had", () => {
    make({ keepSession: true }).listen("a")
    bench.online().socket.sent()
    bench.socket.giveBytes(suback(0))
    bench.online(false)
    bench.socket.sent()
    bench.online(true)
    expect(bench.socket.sent()).toBe(subscribeHex("a", 0))
  })

  test("the same SUBACK again changes nothing", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.giveBytes(suback(0))
    bench.socket.giveBytes(suback(0))
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([[], true])
  })

  test("tells of a lower QoS than was asked for, and lives on", () => {
    makeOnline().listen("a", 1)
    bench.socket.sent()
    bench.socket.giveBytes(suback(0, 0))
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([[`trouble ${E_LOWER_QOS} a`], true])
  })

  test.each([
    ["an id that no subscription has", "90 03 7f 01 00"],
    ["an id of messages", "90 03 00 01 00"],
    ["id 0", "90 03 00 00 00"],
    ["no code", "90 02 7f 00"],
    ["two codes for one filter", "90 04 7f 00 00 00"],
    ["nothing", "90 00"],
    ["reserved flag bits (2.2.2-2)", "91 03 7f 00 00"],
  ])("a SUBACK with %s ends the connection", (_what, bytes) => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.give(bytes)
    expect(bench.seen()).toEqual([`down ${DOWN_MALFORMED}`])
  })

  test("returns E_FULL when the table is full, and keeps what it has", () => {
    makeOnline({ maxSubscriptions: 2 })
    expect(["a", "b", "c"].map((filter) => bench.listen(filter))).toEqual([0, 0, E_FULL])
    expect(bench.socket.sent()).toBe([subscribeHex("a", 0), subscribeHex("b", 1)].join(" "))
    bench.socket.giveBytes(publish({ topic: "b", payload: "x" }))
    expect(bench.seen()).toEqual(["b: b=x"])
  })

  test.each(["", "a#", "a/#/b", "+a", "a\0"])("a filter like %j is a bug, and thrown", (filter) => {
    makeOnline()
    expect(() => bench.listen(filter)).toThrow("topic or QoS: ")
    expect(bench.socket.sent()).toBe("")
  })

  test("takes an id that no message in flight has [2.3.1-2]", () => {
    makeOnline()
    for (let i = 0; i < 4; i++) expect(bench.mqtt.publish("t", "x", { qos: 1 })).toBe(1)
    bench.socket.sent()
    bench.listen("a")
    expect(bench.socket.sent()).toBe(subscribeHex("a", 0))
  })
})

describe("dispatch", () => {
  const give = (topic: string, qos: 0 | 1 = 0) => {
    bench.socket.giveBytes(publish({ topic, payload: "x", qos, messageId: 9 }))
    if (qos) expect(bench.socket.sent()).toBe("40 02 00 09")
    return bench.seen()
  }

  test.each([0, 1] as const)("at QoS %d gives a message to each filter that covers it, and to no other", (qos) => {
    makeOnline({ maxSubscriptions: 8 })
    for (const filter of ["a/b", "a/+", "#", "$SYS/#", "a/#", "b/#"]) bench.listen(filter)
    bench.socket.sent()
    expect(give("a/b", qos)).toEqual(["a/b: a/b=x", "a/+: a/b=x", "#: a/b=x", "a/#: a/b=x"])
    expect(give("a", qos)).toEqual(["#: a=x", "a/#: a=x"])
    expect(give("$SYS/up", qos)).toEqual(["$SYS/#: $SYS/up=x"])
    expect(give("a//", qos)).toEqual(["#: a//=x", "a/#: a//=x"])
  })

  test.each([0, 1] as const)("at QoS %d an exact filter takes its topic and nothing that only begins so", (qos) => {
    makeOnline().listen("a/b")
    bench.socket.sent()
    expect(give("a/b", qos)).toEqual(["a/b: a/b=x"])
    for (const topic of ["a/bc", "a", "a/b/c", "A/b", "/a/b"]) expect(give(topic, qos)).toEqual([])
  })

  test.each([0, 1] as const)("at QoS %d gives a message to each of two handlers of one filter", (qos) => {
    makeOnline().listen("a")
    bench.listen("a")
    bench.socket.sent()
    expect(give("a", qos)).toEqual(["a: a=x", "a: a=x"])
  })

  test("takes a message that comes before its SUBACK", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.giveBytes(publish({ topic: "a", payload: "early" }) + suback(0))
    expect(bench.seen()).toEqual(["a: a=early"])
  })

  test("tells retained and repeated messages like any other", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.giveBytes(publish({ topic: "a", payload: "old", retain: true }))
    bench.socket.giveBytes(publish({ topic: "a", payload: "again", qos: 1, messageId: 3, dup: true }))
    expect(bench.socket.sent()).toBe("40 02 00 03")
    expect(bench.seen()).toEqual(["a: a=old", "a: a=again"])
  })
})
