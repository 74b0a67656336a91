import { afterEach, describe, expect, test } from "vitest"
import { DOWN_TOO_MANY, E_FULL } from "../../src/mqtt/constants"
import { MAX_RECEIVED, qos2 } from "../../src/mqtt/qos2"
import { toHex } from "../fakes/bytes"
import { Bench, onlineBench, type BenchOptions } from "./bench"
import { connack, packet, puback, pubcomp, publish, pubrec, pubrel, requestId, suback } from "./reference"

/** The edges of facts/mqtt.md, section 4, "QoS state", for MQTT 3.1.1. */
let bench: Bench
const makeOnline = (options?: BenchOptions) => (bench = onlineBench({ acks: qos2, keepSession: true, ...options }))
afterEach(() => bench.network.finish())

const wire = (payload: string, qos: 1 | 2, messageId: number, dup = false) =>
  toHex(publish({ topic: "t", payload, qos, messageId, dup }))
const id = (messageId: number) =>
  `${(messageId >> 8).toString(16).padStart(2, "0")} ${(messageId & 255).toString(16).padStart(2, "0")}`
/** A message from the broker. */
const theirs = (messageId: number, qos: 1 | 2, payload = "x", dup = false) =>
  publish({ topic: "a", payload, qos, messageId, dup })

/** Listens to "a" with QoS 2, answered. */
function listening(options?: BenchOptions): Bench {
  makeOnline(options).listen("a", 2)
  bench.socket.giveBytes(suback(0, 2))
  bench.socket.sent()
  return bench
}

/** The line breaks, and comes back. Returns what the client sends at once. */
function reconnect(isResumed = true): string {
  bench.socket.sent()
  bench.socket.closeByPeer()
  bench.online(isResumed)
  expect(bench.seen().slice(-2)).toEqual(["down 6", isResumed ? "up resumed" : "up"])
  return bench.socket.sent()
}

describe("edge 19: ids are never 0, and skip ids in flight, SUBSCRIBE's included [MQTT-2.3.1-1, -2]", () => {
  test("over 70,000 messages, more than there are ids, with one message held all the time", () => {
    listening({ slots: 3 }).mqtt.publish("t", "held", { qos: 2 })
    bench.socket.giveBytes(pubrec(1))
    bench.socket.sent()
    const seen = new Set<string>()
    for (let i = 0; i < 70_000; i++) {
      bench.mqtt.publish("t", "", { qos: 1 })
      const sent = bench.socket.sent()
      seen.add(sent.slice(-5))
      bench.socket.giveBytes(puback(parseInt(sent.slice(-5).replace(" ", ""), 16)))
    }
    // A range of numbers as small as the session: nothing that could wrap.
    expect([...seen].toSorted()).toEqual(["00 02", "00 03"])
    expect(bench.session.pending()).toBe(1)
  })

  test("SUBSCRIBE and UNSUBSCRIBE have ids that no session gives to a message", () => {
    bench = new Bench({ acks: qos2, slots: 12_000, maxMessageBytes: 100, maxSubscriptions: 250, maxUnsentBytes: 1e6 })
    for (let i = 0; i < 250; i++) bench.listen(`f/${i}`)
    bench.online()
    const lowest = requestId(0)
    expect(bench.socket.sent()).toBe(
      Array.from({ length: 250 }, (_, i) =>
        toHex(packet({ cmd: "subscribe", messageId: lowest + i, subscriptions: [{ topic: `f/${i}`, qos: 0 }] })),
      ).join(" "),
    )
    for (let i = 0; i < 12_000; i++) expect(bench.mqtt.publish("t", "", { qos: 1 })).toBe(1)
    const ids = bench.socket.sent().match(/32 05 00 01 74 .. ../g)!
    expect(ids).toHaveLength(12_000)
    expect(new Set(ids).size).toBe(12_000)
    expect(ids.at(-1)).toBe("32 05 00 01 74 2e e0")
    expect(12_000).toBeLessThan(lowest)
  })
})

describe("edge 20: the same id in flight both ways (clause 2.3.1)", () => {
  test("at QoS 1: each side's acknowledgement ends its own", () => {
    listening().mqtt.publish("t", "ours", { qos: 1 })
    bench.socket.sent()
    expect([bench.answer(theirs(1, 1)), bench.session.pending()]).toEqual(["40 02 00 01", 1])
    bench.socket.giveBytes(puback(1))
    expect([bench.session.pending(), bench.seen()]).toEqual([0, ["a: a=x"]])
  })

  test("at QoS 2, interleaved step by step", () => {
    listening().mqtt.publish("t", "ours", { qos: 2 })
    bench.socket.sent()
    expect(bench.answer(theirs(1, 2))).toBe("50 02 00 01")
    expect(bench.answer(pubrec(1))).toBe("62 02 00 01")
    expect(bench.answer(pubrel(1))).toBe("70 02 00 01")
    expect(bench.session.pending()).toBe(1)
    expect(bench.answer(pubcomp(1))).toBe("")
    expect([bench.session.pending(), bench.seen()]).toEqual([0, ["a: a=x"]])
  })
})

describe("edge 21: resume resends in order, same id, DUP=1; after PUBREC it is PUBREL [MQTT-4.4.0-1, 4.6.0-1, 3.3.1-1]", () => {
  test("for messages in every state", () => {
    makeOnline({ slots: 6 })
    for (const [payload, qos] of [
      ["a", 1],
      ["b", 2],
      ["c", 2],
      ["d", 1],
      ["e", 2],
    ] as const)
      bench.mqtt.publish("t", payload, { qos })
    bench.socket.giveBytes(pubrec(3) + pubrec(2) + puback(4))
    expect(reconnect()).toBe(["62 02 00 03", "62 02 00 02", wire("a", 1, 1, true), wire("e", 2, 5, true)].join(" "))
    // And once more: nothing is forgotten by a second break.
    expect(reconnect()).toBe(["62 02 00 03", "62 02 00 02", wire("a", 1, 1, true), wire("e", 2, 5, true)].join(" "))
    bench.socket.giveBytes(pubcomp(3) + pubcomp(2) + puback(1) + pubrec(5) + pubcomp(5))
    expect([bench.socket.sent(), bench.session.pending()]).toEqual(["62 02 00 05", 0])
  })

  test("what was never sent goes out behind it, without DUP", () => {
    makeOnline().mqtt.publish("t", "sent", { qos: 2 })
    bench.socket.sent()
    bench.socket.closeByPeer()
    bench.mqtt.publish("t", "later", { qos: 2 })
    bench.online(true)
    expect(bench.socket.sent()).toBe([wire("sent", 2, 1, true), wire("later", 2, 2)].join(" "))
  })
})

describe("a broker that says PUBREC again as soon as it resumes the session, as Mosquitto does", () => {
  test("gets PUBREL, and the message does not go out again: by then its id may be free", () => {
    makeOnline({ slots: 3, maxUnsentBytes: 10 })
    for (const payload of ["a", "b", "c"]) bench.mqtt.publish("t", payload, { qos: 2 })
    // All three arrived; what the broker said of them was lost.
    bench.socket.sent()
    bench.socket.closeByPeer()
    bench.dial()
    bench.socket.stall()
    bench.socket.giveBytes(connack(0, true) + pubrec(1) + pubrec(2) + pubrec(3))
    bench.socket.drain()
    // Two went out before the socket was full, and before the broker's word came.
    expect(bench.socket.sent()).toBe(
      [wire("a", 2, 1, true), wire("b", 2, 2, true), "62 02 00 01 62 02 00 02 62 02 00 03"].join(" "),
    )
    bench.socket.giveBytes(pubcomp(3))
    expect(bench.mqtt.publish("t", "d", { qos: 2 })).toBe(1)
    expect(bench.socket.sent()).toBe(wire("d", 2, 3))
    bench.socket.giveBytes(pubcomp(1) + pubcomp(2) + pubrec(3) + pubcomp(3))
    expect([bench.socket.sent(), bench.session.pending()]).toEqual(["62 02 00 03", 0])
  })
})

describe("edge 22: no resend on a live connection [MQTT-4.4.0-1]", () => {
  test("however long an acknowledgement takes, and whatever else happens", () => {
    listening({ keepAliveS: 0 })
    for (const qos of [1, 2] as const) bench.mqtt.publish("t", "x", { qos })
    bench.mqtt.publish("t", "y", { qos: 2 })
    bench.socket.giveBytes(pubrec(2))
    bench.socket.sent()
    bench.clock.advance(86_400_000)
    bench.socket.giveBytes(publish({ topic: "a", payload: "x" }) + puback(99) + pubcomp(99))
    bench.socket.stall()
    bench.mqtt.publish("t", "z")
    bench.socket.drain()
    expect(bench.socket.sent()).toBe(toHex(publish({ topic: "t", payload: "z" })))
  })
})

describe("edge 23: a QoS 2 duplicate is not delivered (clause 4.3.3)", () => {
  test("on the same connection, with and without DUP; it is answered each time", () => {
    listening()
    for (const dup of [false, true, false]) expect(bench.answer(theirs(7, 2, "once", dup))).toBe("50 02 00 07")
    expect(bench.seen()).toEqual(["a: a=once"])
  })

  test("across reconnects too, as often as the line breaks", () => {
    listening().socket.giveBytes(theirs(7, 2, "once"))
    expect(bench.seen()).toEqual(["a: a=once"])
    for (let i = 0; i < 3; i++) {
      reconnect()
      expect(bench.answer(theirs(7, 2, "once", true))).toBe("50 02 00 07")
    }
    expect(bench.seen()).toEqual([])
    expect(bench.answer(pubrel(7))).toBe("70 02 00 07")
  })

  test("when PUBCOMP was lost, PUBREL comes again and is answered again", () => {
    listening().socket.giveBytes(theirs(7, 2, "once") + pubrel(7))
    reconnect()
    expect(bench.answer(pubrel(7))).toBe("70 02 00 07")
    expect(bench.seen()).toEqual([])
  })

  test("after PUBCOMP the id is new", () => {
    listening()
    bench.socket.giveBytes(theirs(7, 2, "first") + pubrel(7) + theirs(7, 2, "second"))
    expect([bench.seen(), bench.socket.sent()]).toEqual([
      ["a: a=first", "a: a=second"],
      "50 02 00 07 70 02 00 07 50 02 00 07",
    ])
  })

  test("a lost session makes every id new", () => {
    listening().socket.giveBytes(theirs(7, 2, "once"))
    reconnect(false)
    bench.socket.giveBytes(theirs(7, 2, "another"))
    expect(bench.seen()).toEqual(["a: a=another"])
    bench.socket.sent()
  })
})

describe("edge 24: QoS 1, an id already acknowledged is a new message (clause 4.3.2)", () => {
  test("with and without DUP", () => {
    listening().socket.giveBytes(theirs(7, 1, "one") + theirs(7, 1, "two") + theirs(7, 1, "three", true))
    expect(bench.seen()).toEqual(["a: a=one", "a: a=two", "a: a=three"])
    expect(bench.socket.sent()).toBe("40 02 00 07 40 02 00 07 40 02 00 07")
  })
})

describe("edge 25: PUBREC and PUBREL with an unknown id are answered (clause 4.3.3)", () => {
  test.each([1, 2, 99, 0x7f00, 65_535])("%d", (messageId) => {
    makeOnline()
    expect(bench.answer(pubrec(messageId))).toBe(`62 02 ${id(messageId)}`)
    expect(bench.answer(pubrel(messageId))).toBe(`70 02 ${id(messageId)}`)
    expect([bench.answer(puback(messageId) + pubcomp(messageId)), bench.session.pending()]).toEqual(["", 0])
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([[], true])
  })

  test("PUBREC twice is answered twice and holds one slot", () => {
    makeOnline({ slots: 1 }).mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    expect(bench.answer(pubrec(1) + pubrec(1))).toBe("62 02 00 01 62 02 00 01")
    expect([bench.session.pending(), bench.mqtt.publish("t", "y", { qos: 2 })]).toEqual([1, E_FULL])
    bench.socket.giveBytes(pubcomp(1) + pubcomp(1))
    expect(bench.session.pending()).toBe(0)
    expect([bench.mqtt.publish("t", "y", { qos: 2 }), bench.mqtt.publish("t", "z", { qos: 2 })]).toEqual([1, E_FULL])
    bench.socket.sent()
  })
})

describe("edge 27: acks in arrival order, PUBRELs in PUBREC order [MQTT-4.6.0-2, -3, -4]", () => {
  test("PUBACK and PUBREC answer in the order of the messages, in one chunk or many", () => {
    const messages = [theirs(9, 2), theirs(3, 1), theirs(8, 2), theirs(1, 1), theirs(2, 2)]
    const answers = "50 02 00 09 40 02 00 03 50 02 00 08 40 02 00 01 50 02 00 02"
    listening()
    expect(bench.answer(messages.join(""))).toBe(answers)
    listening()
    for (const message of messages) bench.socket.giveBytes(message)
    expect(bench.socket.sent()).toBe(answers)
  })

  test("PUBREL follows the order of PUBRECs, now and on the next connection", () => {
    makeOnline()
    for (const payload of ["a", "b", "c"]) bench.mqtt.publish("t", payload, { qos: 2 })
    bench.socket.sent()
    expect(bench.answer(pubrec(2) + pubrec(3) + pubrec(1))).toBe("62 02 00 02 62 02 00 03 62 02 00 01")
    expect(reconnect()).toBe("62 02 00 02 62 02 00 03 62 02 00 01")
  })
})

describe("edge 28: acknowledged even when no handler matches or the handler throws", () => {
  test.each([1, 2] as const)("at QoS %d", (qos) => {
    const answer = (messageId: number) => `${qos === 1 ? "40" : "50"} 02 ${id(messageId)}`
    listening().mqtt.subscribe("bad", () => {
      throw new Error("bug in the program")
    })
    bench.socket.sent()
    expect(bench.answer(publish({ topic: "nobody", payload: "x", qos, messageId: 5 }))).toBe(answer(5))
    expect(bench.answer(publish({ topic: "bad", payload: "x", qos, messageId: 6 }))).toBe(answer(6))
    expect(bench.seen()).toEqual([expect.stringContaining("bug in the program")])
    // It ran, and does not run again.
    if (qos === 2)
      expect([bench.answer(publish({ topic: "bad", payload: "x", qos, messageId: 6 })), bench.seen()]).toEqual([
        answer(6),
        [],
      ])
  })
})

describe("more unfinished QoS 2 messages than there is room for", () => {
  test("end the connection; those before are kept, and no duplicate of them is delivered", () => {
    listening()
    for (let i = 1; i <= MAX_RECEIVED; i++) expect(bench.answer(theirs(i, 2, `${i}`))).toBe(`50 02 ${id(i)}`)
    expect(bench.seen()).toHaveLength(MAX_RECEIVED)
    expect([bench.answer(theirs(MAX_RECEIVED + 1, 2)), bench.seen()]).toEqual(["", [`down ${DOWN_TOO_MANY}`]])
    bench.online(true)
    bench.seen()
    for (let i = 1; i <= MAX_RECEIVED; i++) bench.socket.giveBytes(theirs(i, 2, `${i}`, true))
    expect(bench.seen()).toEqual([])
    bench.socket.sent()
    // One is finished: there is room for one.
    expect(bench.answer(pubrel(5) + theirs(5000, 2, "new"))).toBe("70 02 00 05 50 02 13 88")
    expect(bench.seen()).toEqual(["a: a=new"])
  })

  test("are as many as ever after any number of finished ones", () => {
    listening()
    for (let i = 1; i <= 1000; i++) bench.socket.giveBytes(theirs(i, 2) + pubrel(i))
    for (let i = 1; i <= MAX_RECEIVED; i++) bench.socket.giveBytes(theirs(2000 + i, 2))
    expect([bench.mqtt.isOnline(), bench.seen().length]).toEqual([true, 1000 + MAX_RECEIVED])
    bench.socket.sent()
  })
})
