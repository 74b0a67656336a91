import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { E_FULL, E_TOO_BIG } from "../../src/mqtt/constants"
import { createSession, DROP_NEWEST, DROP_OLDEST, REFUSE, type FullPolicy, type Session } from "../../src/mqtt/session"
import { publish } from "./reference"

const QOS1 = 0x32
const TOPIC = "\x00\x01t"

/** Adds a message that is sent at once if it may be; returns what the client would write, or the number. */
const add = (session: Session, payload: string): string | number =>
  session._add(QOS1, TOPIC.length + 2 + payload.length, TOPIC, payload)

/** Adds a message while the client is offline. */
function addOffline(session: Session, payload: string): number {
  const result = add(session, payload)
  return typeof result === "string" ? session._hold() : result
}

/** All that waits, in order, as payloads with their DUP flag: "a", "b dup". */
function drain(session: Session): string[] {
  const sent: string[] = []
  for (let packet = session._next(); packet; packet = session._next())
    sent.push(packet.slice(7) + (packet.charCodeAt(0) & 8 ? " dup" : ""))
  return sent
}

const idOf = (packet: string | number): number => {
  if (typeof packet === "number") throw new Error(`not sent: ${packet}`)
  return packet.charCodeAt(5) * 256 + packet.charCodeAt(6)
}

const make = (policy: FullPolicy = REFUSE, slots = 4, bytes = 100) => createSession(slots, bytes, policy)

describe("session: sending", () => {
  test("hands out a packet that the reference codec would write", () => {
    expect(add(make(), "hi")).toBe(publish({ topic: "t", payload: "hi", qos: 1, messageId: 1 }))
    const long = "x".repeat(150)
    expect(add(make(REFUSE, 4, 500), long)).toBe(publish({ topic: "t", payload: long, qos: 1, messageId: 1 }))
  })

  test("does not hand out what has to wait behind another message", () => {
    const session = make()
    expect(addOffline(session, "a")).toBe(1)
    expect(add(session, "b")).toBe(1)
    expect(session.pending()).toBe(2)
    expect(drain(session)).toEqual(["a", "b"])
    expect(drain(session)).toEqual([])
  })

  test("keeps a message until its PUBACK, and then gives its slot back", () => {
    const session = make(REFUSE, 1)
    const id = idOf(add(session, "a"))
    expect(add(session, "b")).toBe(E_FULL)
    session._acknowledge(id)
    expect(session.pending()).toBe(0)
    expect(typeof add(session, "b")).toBe("string")
  })

  test("ignores a PUBACK for an id that is unknown, told twice, or not sent on this connection", () => {
    const session = make()
    const id = idOf(add(session, "a"))
    session._acknowledge(99)
    expect(session.pending()).toBe(1)
    session._reconnect(true)
    session._acknowledge(id)
    expect(session.pending()).toBe(1)
    drain(session)
    session._acknowledge(id)
    session._acknowledge(id)
    expect(session.pending()).toBe(0)
  })

  test("measures the limit as remaining length: one byte more is too big", () => {
    const session = make(REFUSE, 4, 20)
    expect(typeof add(session, "x".repeat(15))).toBe("string")
    expect(add(session, "x".repeat(16))).toBe(E_TOO_BIG)
    expect(session.pending()).toBe(1)
  })
})

describe("session: reconnecting", () => {
  test("resends in order with DUP when the broker kept the session, the never sent without [3.3.1-1, 4.6.0-1]", () => {
    const session = make()
    add(session, "a")
    add(session, "b")
    addOffline(session, "c")
    session._reconnect(true)
    expect(drain(session)).toEqual(["a dup", "b dup", "c"])
  })

  test("resends as new when the broker has forgotten", () => {
    const session = make()
    add(session, "a")
    addOffline(session, "b")
    session._reconnect(false)
    expect(drain(session)).toEqual(["a", "b"])
  })

  test("keeps the id of a resend", () => {
    const session = make()
    const id = idOf(add(session, "a"))
    session._reconnect(true)
    expect(idOf(session._next()!)).toBe(id)
  })

  test("marks only what left before a resend was cut short", () => {
    const session = make()
    add(session, "a")
    add(session, "b")
    session._reconnect(false)
    session._next()
    session._reconnect(true)
    expect(drain(session)).toEqual(["a dup", "b"])
  })

  test("leaves out what was acknowledged in between", () => {
    const session = make()
    add(session, "a")
    session._acknowledge(idOf(add(session, "b")))
    add(session, "c")
    session._reconnect(true)
    expect(drain(session)).toEqual(["a dup", "c dup"])
  })

  test("changes nothing but the first byte", () => {
    const session = make()
    const first = add(session, "abc") as string
    session._reconnect(true)
    expect(session._next()).toBe("\x3a" + first.slice(1))
  })
})

describe("session: ids", () => {
  test("are never 0 and start over at 1 after 2,047 [2.3.1-1]", () => {
    const session = make()
    const ids: number[] = []
    for (let i = 0; i < 2052; i++) {
      const id = idOf(add(session, ""))
      session._acknowledge(id)
      ids.push(id)
    }
    expect(ids.slice(0, 3)).toEqual([1, 2, 3])
    expect(ids.slice(2045, 2049)).toEqual([2046, 2047, 1, 2])
  })

  test("skip those in flight, also for SUBSCRIBE [2.3.1-2]", () => {
    const session = make()
    for (let id = 1; id < 2047; id++) session._acknowledge(idOf(add(session, "")))
    session._nextId()
    expect(idOf(add(session, "holds 1"))).toBe(1)
    expect(idOf(add(session, "holds 2"))).toBe(2)
    for (let id = 3; id <= 2047; id++) session._nextId()
    expect(session._nextId()).toBe(3)
    for (let id = 4; id <= 2047; id++) session._nextId()
    expect(idOf(add(session, "skips 1 and 2"))).toBe(3)
  })

  test("skip one in flight that is not the oldest, round after round", () => {
    const session = make()
    const held = [add(session, ""), add(session, "")].map(idOf)
    const later = Array.from({ length: 3 * 2047 }, () => {
      const id = idOf(add(session, ""))
      session._acknowledge(id)
      return id
    })
    expect(later.filter((id) => held.includes(id))).toEqual([])
  })
})

describe("session: a full queue", () => {
  test("REFUSE tells the caller and keeps what it has", () => {
    const session = make(REFUSE, 2)
    expect(["a", "b", "c"].map((payload) => addOffline(session, payload))).toEqual([1, 1, E_FULL])
    session._reconnect(false)
    expect(drain(session)).toEqual(["a", "b"])
    expect(session.dropped()).toBe(0)
  })

  test("DROP_NEWEST counts the new one as dropped", () => {
    const session = make(DROP_NEWEST, 2)
    expect(["a", "b", "c"].map((payload) => addOffline(session, payload))).toEqual([1, 1, E_FULL])
    session._reconnect(false)
    expect(drain(session)).toEqual(["a", "b"])
    expect(session.dropped()).toBe(1)
  })

  test("DROP_OLDEST gives way from the oldest that was never sent", () => {
    const session = make(DROP_OLDEST, 3)
    add(session, "sent")
    expect(["a", "b", "c", "d"].map((payload) => addOffline(session, payload))).toEqual([1, 1, 1, 1])
    expect([session.pending(), session.dropped()]).toEqual([3, 2])
    session._reconnect(true)
    expect(drain(session)).toEqual(["sent dup", "c", "d"])
  })

  test("DROP_OLDEST drops the new one when all others were sent: they may have arrived", () => {
    const session = make(DROP_OLDEST, 2)
    add(session, "a")
    add(session, "b")
    expect(add(session, "c")).toBe(E_FULL)
    expect([session.pending(), session.dropped()]).toEqual([2, 1])
    session._reconnect(true)
    expect(drain(session)).toEqual(["a dup", "b dup"])
  })

  test("never holds more than its slots, whatever happens", () => {
    const step = fc.constantFrom("add", "addOffline", "ackOldest", "next", "resumed", "fresh")
    fc.assert(
      fc.property(fc.constantFrom<FullPolicy>(REFUSE, DROP_OLDEST, DROP_NEWEST), fc.array(step), (policy, steps) => {
        const session = make(policy, 3)
        const sent: number[] = []
        for (const name of steps) {
          if (name === "add") {
            const packet = add(session, "x")
            if (typeof packet === "string") sent.push(idOf(packet))
          } else if (name === "addOffline") addOffline(session, "x")
          else if (name === "ackOldest") session._acknowledge(sent.shift() ?? 0)
          else if (name === "next") sent.push(idOf(session._next() ?? "       "))
          else session._reconnect(name === "resumed")
          expect(session.pending()).toBeLessThanOrEqual(3)
          expect(Number.isInteger(session.pending())).toBe(true)
        }
      }),
    )
  })
})
