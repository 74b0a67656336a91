import { afterEach, describe, expect, test } from "vitest"
import { DOWN_MALFORMED, E_SESSION_LOST } from "../../src/mqtt/constants"
import { connectPacket } from "../../src/mqtt/encode"
import { login } from "../../src/mqtt/login"
import { qos2 } from "../../src/mqtt/qos2"
import { will } from "../../src/mqtt/will"
import { toHex } from "../fakes/bytes"
import { Bench, type BenchOptions } from "./bench"
import {
  connack,
  packet,
  PINGREQ,
  PINGRESP,
  puback,
  pubcomp,
  publish,
  pubrec,
  pubrel,
  requestId,
  suback,
} from "./reference"

/** The edges of facts/mqtt.md, section 4, "Connecting", for MQTT 3.1.1. */
let bench: Bench
const make = (options?: BenchOptions) => (bench = new Bench({ acks: qos2, ...options }))
afterEach(() => bench.network.finish())

const MALFORMED = [`down ${DOWN_MALFORMED}`]
const subscribeHex = (topic: string, place: number, qos: 0 | 1 | 2) =>
  toHex(packet({ cmd: "subscribe", messageId: requestId(place), subscriptions: [{ topic, qos }] }))
const messageHex = (payload: string, qos: 1 | 2, messageId: number, dup = false) =>
  toHex(publish({ topic: "t", payload, qos, messageId, dup }))

describe("edge 10: the first packet is not CONNACK [MQTT-3.2.0-1]", () => {
  test.each([
    ["PUBLISH at QoS 0", publish({ topic: "a", payload: "x" })],
    ["PUBLISH at QoS 1", publish({ topic: "a", payload: "x", qos: 1, messageId: 1 })],
    ["PUBLISH at QoS 2", publish({ topic: "a", payload: "x", qos: 2, messageId: 1 })],
    ["PUBACK", puback(1)],
    ["PUBREC", pubrec(1)],
    ["PUBREL", pubrel(1)],
    ["PUBCOMP", pubcomp(1)],
    ["SUBACK", suback(0)],
    ["PINGRESP", PINGRESP],
  ])("%s ends the connection, unanswered and unheard", (_what, bytes) => {
    make().listen("a", 2)
    bench.mqtt.publish("t", "x", { qos: 1 })
    bench.dial()
    expect([bench.answer(bytes), bench.seen(), bench.session.pending()]).toEqual(["", MALFORMED, 1])
    // What it was before does not matter: the same after a connection that was good.
    bench.online().socket.closeByPeer()
    bench.socket.sent()
    bench.seen()
    bench.dial()
    expect([bench.answer(bytes), bench.seen(), bench.session.pending()]).toEqual(["", MALFORMED, 1])
  })
})

describe("edge 11: CONNACK", () => {
  test.each([1, 2, 3, 4, 5])("refused with %d never means connected (table 3.1)", (code) => {
    make().mqtt.publish("t", "x", { qos: 1 })
    bench.listen("a")
    bench.dial()
    expect(bench.answer(connack(code))).toBe("")
    expect([bench.seen(), bench.mqtt.isOnline(), bench.socket.isEnded]).toEqual([[`down ${code}`], false, true])
  })

  test.each(["02", "03", "80", "81", "ff"])(
    "with reserved flags set (%s) ends the connection (clause 3.2.2.1)",
    (flags) => {
      make({ keepSession: true }).dial()
      bench.socket.give("20 02", flags, "00")
      expect(bench.seen()).toEqual(MALFORMED)
    },
  )

  test.each(["06", "80", "ff"])("with a reserved return code (%s) ends the connection (table 3.1)", (code) => {
    make().dial()
    bench.socket.give("20 02 00", code)
    expect(bench.seen()).toEqual(MALFORMED)
  })

  test("comes once: a second one ends the connection", () => {
    make().online()
    bench.socket.giveBytes(connack())
    expect(bench.seen()).toEqual(["up", ...MALFORMED])
  })
})

describe("edge 12: Session Present", () => {
  test("1 on resume is success [MQTT-3.2.2-2]", () => {
    expect(make({ keepSession: true }).online(true).seen()).toEqual(["up resumed"])
  })

  test("1 for a clean session closes the connection [MQTT-3.2.2-1]", () => {
    make().dial()
    bench.socket.giveBytes(connack(0, true))
    expect([bench.seen(), bench.socket.isEnded]).toEqual([MALFORMED, true])
  })

  test("1 on the very first connection of a client that restarted is success: the broker kept what it owes us", () => {
    make({ keepSession: true }).listen("a", 1)
    bench.online(true)
    expect([bench.seen(), bench.socket.sent()]).toEqual([["up resumed"], subscribeHex("a", 0, 1)])
    expect(bench.answer(publish({ topic: "a", payload: "owed", qos: 1, messageId: 9 }))).toBe("40 02 00 09")
    expect(bench.seen()).toEqual(["a: a=owed"])
  })
})

describe("edge 13: Session Present 0 with local state (clause 3.1.2.4)", () => {
  test("subscribes again, sends what is unacknowledged as new and in order, and forgets the broker's ids", () => {
    make({ keepSession: true }).listen("a", 2)
    bench.online()
    bench.socket.giveBytes(suback(0, 2))
    for (const [payload, qos] of [
      ["one", 1],
      ["two", 2],
      ["three", 2],
    ] as const)
      bench.mqtt.publish("t", payload, { qos })
    // The broker has "two" and knows it; "one" and "three" are unanswered. It also sent a message of its own.
    bench.socket.giveBytes(pubrec(2) + publish({ topic: "a", payload: "theirs", qos: 2, messageId: 7 }))
    bench.socket.sent()
    bench.socket.closeByPeer()
    bench.seen()

    bench.online(false)
    expect(bench.socket.sent()).toBe(
      [subscribeHex("a", 0, 2), messageHex("one", 1, 1), messageHex("three", 2, 3)].join(" "),
    )
    expect(bench.session.pending()).toBe(2)
    // Id 7 is new to a broker that forgot: its message is no duplicate.
    expect(bench.answer(publish({ topic: "a", payload: "new", qos: 2, messageId: 7 }))).toBe("50 02 00 07")
    expect(bench.seen()).toEqual([`trouble ${E_SESSION_LOST} `, "up", "a: a=new"])
  })
})

describe("edge 14: an empty client id needs a clean session [MQTT-3.1.3-7]", () => {
  test.each([false, true])("and has one, whether keepSession is %j", (keepSession) => {
    expect(toHex(connectPacket({ clientId: "", keepAliveS: 60, keepSession }, ""))).toBe(
      "10 0c 00 04 4d 51 54 54 04 02 00 3c 00 00",
    )
  })

  test("an id of one's own may have either", () => {
    const flags = [false, true].map((keepSession) =>
      connectPacket({ clientId: "c", keepAliveS: 60, keepSession }, "").charCodeAt(9),
    )
    expect(flags).toEqual([2, 0])
  })

  test("a broker that refuses it says so with 2 [MQTT-3.1.3-8, -9]", () => {
    make({ clientId: "" }).dial()
    bench.socket.giveBytes(connack(2))
    expect(bench.seen()).toEqual(["down 2"])
  })
})

describe("edge 15: will and password flags (clause 3.1.2.3)", () => {
  const flagsOf = (fields: Parameters<typeof connectPacket>[0]) => connectPacket(fields, "").charCodeAt(9)
  const base = { clientId: "c", keepAliveS: 0 }

  test.each([
    [undefined, "p", 0xc0],
    ["u", undefined, 0x80],
    ["u", "p", 0xc0],
    ["u", "", 0xc0],
    ["", "p", 0xc0],
    ["", undefined, 0x80],
  ])("user %j, password %j [MQTT-3.1.2-18 to -21]", (user, password, flags) => {
    expect(flagsOf({ ...base, login: login(user, password) }) & 0xc0).toBe(flags)
  })

  test("a password alone has an empty user: 3.1.1 has no password flag without the other one [MQTT-3.1.2-22]", () => {
    for (const user of [undefined, ""])
      expect(toHex(connectPacket({ ...base, login: login(user, "p") }, ""))).toBe(
        "10 12 00 04 4d 51 54 54 04 c2 00 00 00 01 63 00 00 00 01 70",
      )
  })

  test.each(["", "a/+", "#", "a\0"])("a will to %j is a bug, and thrown", (topic) => {
    expect(() => will(topic, "x")).toThrow("topic or QoS: ")
  })

  test.each([0, 1, 2] as const)("a will of QoS %d [MQTT-3.1.2-11, -14]", (qos) => {
    const plain = flagsOf({ ...base, will: will("w", "gone", qos) })
    const retained = flagsOf({ ...base, will: will("w", "gone", qos, true) })
    expect([plain & 0x3c, retained & 0x3c]).toEqual([4 | (qos << 3), 0x20 | 4 | (qos << 3)])
  })

  test("no will has no QoS and no retain flag [MQTT-3.1.2-13, -15]", () => {
    expect(flagsOf(base) & 0x3c).toBe(0)
  })

  test("an empty will payload and an empty password keep their length fields (clauses 3.1.3.3, 3.1.3.5)", () => {
    expect(toHex(connectPacket({ ...base, will: will("w", ""), login: login("u", "") }, ""))).toBe(
      "10 17 00 04 4d 51 54 54 04 c6 00 00 00 01 63 00 01 77 00 00 00 01 75 00 00",
    )
  })

  test("the reserved bit is 0 [MQTT-3.1.2-3]", () => {
    expect(flagsOf({ ...base, will: will("w", "x", 2, true), login: login("u", "p"), keepSession: true })).toBe(0xf4)
  })
})

describe("edge 16: in 3.1.1 the keep-alive that was asked for holds (clause 3.1.2.10)", () => {
  test("0 turns it off", () => {
    make({ keepAliveS: 0 }).online()
    bench.clock.advance(1_000_000)
    expect([bench.socket.sent(), bench.mqtt.isOnline()]).toEqual(["", true])
  })

  test("65,535 s, the longest, is counted in full", () => {
    make({ keepAliveS: 65_535 }).online()
    bench.clock.advance(32_767_499)
    expect(bench.socket.sent()).toBe("")
    bench.clock.advance(1)
    expect(bench.socket.sent()).toBe(PINGREQ)
  })
})
