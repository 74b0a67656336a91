import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { E_FULL, E_TOO_BIG } from "../../src/mqtt/constants"
import type { MqttEvents } from "../../src/mqtt/contract"
import type { Session } from "../../src/mqtt/parts"
import { qos1 } from "../../src/mqtt/qos1"
import { qos2 } from "../../src/mqtt/qos2"
import { createSession, DROP_NEWEST, DROP_OLDEST, REFUSE, type FullPolicy } from "../../src/mqtt/session"
import type { Socket } from "../../src/hal/socket"
import { puback, pubcomp, publish, pubrec } from "./reference"

interface Options {
  policy?: FullPolicy
  slots?: number
  bytes?: number
  acks?: (session: Session) => void
}

/** A session and the connection it is told of; `sent` is what it wrote, a packet each. */
class Harness {
  readonly sent: string[] = []
  isBusy = false
  readonly session: Session
  private readonly socket = { write: (packet: string) => void this.sent.push(packet) } as unknown as Socket

  constructor({ policy = REFUSE, slots = 4, bytes = 100, acks = qos1 }: Options = {}) {
    this.session = createSession(slots, bytes, policy, acks)
    this.session._isBusy = () => this.isBusy
    this.session._events = { onTrouble: () => undefined } as unknown as MqttEvents
  }

  /** A connection. Returns what is sent on it at once, in words. */
  up(isResumed = false): string[] {
    this.session._up(this.socket, isResumed)
    this.session._pump()
    return this.words()
  }

  down(): void {
    this.session._socket = undefined
  }

  publish(payload: string, qos: 1 | 2 = 1): number {
    return this.session._topic(qos === 1 ? 0x32 : 0x34, "\x00\x01t", "").publish(payload)
  }

  /** The broker's acknowledgement, as a whole packet. */
  give(packet: string): boolean {
    return this.session._reply(this.socket, packet)
  }

  /** What was sent since the last look: "id payload", and "dup" or what it is if no PUBLISH. */
  words(): string[] {
    return this.sent.splice(0).map((packet) => {
      const first = packet.charCodeAt(0)
      const idAt = first >> 4 === 3 ? 5 : 2
      const id = packet.charCodeAt(idAt) * 256 + packet.charCodeAt(idAt + 1)
      return first >> 4 === 3 ? `${id} ${packet.slice(7)}${first & 8 ? " dup" : ""}` : `${first.toString(16)} ${id}`
    })
  }
}

const make = (options?: Options) => new Harness(options)
function online(options?: Options): Harness {
  const harness = make(options)
  harness.up()
  return harness
}

describe("session: sending", () => {
  test("sends at once, as the reference codec would", () => {
    const h = online({ bytes: 500 })
    const long = "x".repeat(150)
    expect([h.publish("hi"), h.publish(long), h.publish("two", 2)]).toEqual([1, 1, 1])
    expect(h.sent).toEqual([
      publish({ topic: "t", payload: "hi", qos: 1, messageId: 1 }),
      publish({ topic: "t", payload: long, qos: 1, messageId: 2 }),
      publish({ topic: "t", payload: "two", qos: 2, messageId: 3 }),
    ])
  })

  test("keeps what it cannot send, and sends it in order with the connection", () => {
    const h = make()
    expect([h.publish("a"), h.publish("b"), h.session.pending(), h.words()]).toEqual([1, 1, 2, []])
    expect(h.up()).toEqual(["1 a", "2 b"])
  })

  test("lets nothing overtake what waits for a busy socket", () => {
    const h = online()
    h.isBusy = true
    h.down()
    h.publish("a")
    h.up()
    h.publish("b")
    h.isBusy = false
    expect(h.words()).toEqual([])
    h.session._pump()
    expect(h.words()).toEqual(["1 a", "2 b"])
  })

  test("keeps a message until its PUBACK, and then gives its slot back", () => {
    const h = online({ slots: 1 })
    expect([h.publish("a"), h.publish("b")]).toEqual([1, E_FULL])
    expect(h.give(puback(1))).toBe(true)
    expect([h.session.pending(), h.publish("b"), h.words()]).toEqual([0, 1, ["1 a", "1 b"]])
  })

  test("ignores a PUBACK for an id that is unknown, told twice, or never sent", () => {
    const h = make()
    h.publish("a")
    h.isBusy = true
    h.up()
    expect([h.give(puback(99)), h.give(puback(1)), h.session.pending()]).toEqual([true, true, 1])
    h.isBusy = false
    h.session._pump()
    h.give(puback(1))
    h.give(puback(1))
    expect([h.session.pending(), h.words()]).toEqual([0, ["1 a"]])
    for (let i = 0; i < 4; i++) expect(h.publish("x")).toBe(1)
    expect([h.publish("x"), h.session.pending()]).toEqual([E_FULL, 4])
  })

  test("takes no PUBREC for a message that was never sent, and gives its slot to nobody twice", () => {
    const h = make({ slots: 2, policy: DROP_OLDEST, acks: qos2 })
    h.isBusy = true
    h.publish("a", 2)
    h.publish("b", 2)
    h.up()
    h.give(pubrec(1))
    // The oldest gives way: were it released as well, its slot would be free twice.
    expect([h.publish("c", 2), h.words()]).toEqual([1, ["62 1"]])
    h.give(pubcomp(1))
    expect(h.session.pending()).toBe(2)
    h.isBusy = false
    h.session._pump()
    expect(h.words()).toEqual(["2 b", "1 c"])
  })

  test("measures the limit as remaining length: one byte more is too big", () => {
    const h = online({ bytes: 20 })
    expect([h.publish("x".repeat(15)), h.publish("x".repeat(16)), h.session.pending()]).toEqual([1, E_TOO_BIG, 1])
  })
})

describe("session: reconnecting", () => {
  test("resends in order with DUP when the broker kept the session, the never sent without [3.3.1-1, 4.6.0-1]", () => {
    const h = online()
    h.publish("a")
    h.publish("b")
    h.down()
    h.publish("c")
    h.words()
    expect(h.up(true)).toEqual(["1 a dup", "2 b dup", "3 c"])
  })

  test("resends as new when the broker has forgotten", () => {
    const h = online()
    h.publish("a")
    h.down()
    h.publish("b")
    h.words()
    expect(h.up(false)).toEqual(["1 a", "2 b"])
  })

  test("marks only what left before a resend was cut short", () => {
    const h = online()
    h.publish("a")
    h.publish("b")
    h.words()
    h.session._isBusy = () => h.sent.length > 0
    expect(h.up(false)).toEqual(["1 a"])
    h.session._isBusy = () => false
    expect(h.up(true)).toEqual(["1 a dup", "2 b"])
  })

  test("leaves out what was acknowledged in between", () => {
    const h = online()
    for (const payload of ["a", "b", "c"]) h.publish(payload)
    h.give(puback(2))
    h.words()
    expect(h.up(true)).toEqual(["1 a dup", "3 c dup"])
  })

  test("changes nothing but the first byte", () => {
    const h = online()
    h.publish("abc")
    const [first] = h.sent.splice(0)
    h.session._up({ write: (packet: string) => h.sent.push(packet) } as unknown as Socket, true)
    h.session._pump()
    expect(h.sent).toEqual(["\x3a" + first!.slice(1)])
  })

  test("keeps the order of acceptance whatever was acknowledged, and whatever ids were used again", () => {
    const h = online()
    for (const payload of ["a", "b", "c", "d"]) h.publish(payload)
    h.give(puback(3))
    h.give(puback(1))
    h.publish("e")
    h.publish("f")
    h.words()
    expect(h.up(true)).toEqual(["2 b dup", "4 d dup", "3 e dup", "1 f dup"])
  })
})

describe("session: ids", () => {
  test("are the numbers of the slots: never 0, and the one that rested longest comes next [2.3.1-1]", () => {
    const h = online({ slots: 3 })
    for (let i = 0; i < 7; i++) {
      h.publish("")
      h.give(puback((i % 3) + 1))
    }
    expect(h.words()).toEqual(["1 ", "2 ", "3 ", "1 ", "2 ", "3 ", "1 "])
  })

  test("skip those in flight, round after round [2.3.1-2]", () => {
    const h = online({ slots: 4 })
    h.publish("held")
    h.publish("held", 2)
    h.words()
    for (let i = 0; i < 100; i++) {
      h.publish("x")
      const [word] = h.words()
      const id = Number(word!.split(" ")[0])
      expect([3, 4]).toContain(id)
      h.give(puback(id))
    }
  })

  test("one that a PUBREC released stays taken until PUBCOMP", () => {
    const h = online({ slots: 1, acks: qos2 })
    h.publish("a", 2)
    h.give(pubrec(1))
    expect([h.words(), h.session.pending(), h.publish("b")]).toEqual([["1 a", "62 1"], 1, E_FULL])
    h.give(pubcomp(1))
    expect([h.session.pending(), h.publish("b"), h.words()]).toEqual([0, 1, ["1 b"]])
  })

  test("keep their order in a large session as well", () => {
    const h = make({ slots: 12_000 })
    for (let i = 0; i < 12_000; i++) h.publish("")
    expect(h.up()).toEqual(Array.from({ length: 12_000 }, (_, i) => `${i + 1} `))
  })
})

describe("session: a full queue", () => {
  test("REFUSE tells the caller and keeps what it has", () => {
    const h = make({ slots: 2 })
    expect(["a", "b", "c"].map((payload) => h.publish(payload))).toEqual([1, 1, E_FULL])
    expect([h.up(), h.session.dropped]).toEqual([["1 a", "2 b"], 0])
  })

  test("DROP_NEWEST counts the new one as dropped", () => {
    const h = make({ policy: DROP_NEWEST, slots: 2 })
    expect(["a", "b", "c"].map((payload) => h.publish(payload))).toEqual([1, 1, E_FULL])
    expect([h.up(), h.session.dropped]).toEqual([["1 a", "2 b"], 1])
  })

  test("DROP_OLDEST gives way from the oldest that was never sent", () => {
    const h = online({ policy: DROP_OLDEST, slots: 3 })
    h.publish("sent")
    h.down()
    expect(["a", "b", "c", "d"].map((payload) => h.publish(payload))).toEqual([1, 1, 1, 1])
    expect([h.session.pending(), h.session.dropped]).toEqual([3, 2])
    h.words()
    expect(h.up(true)).toEqual(["1 sent dup", "2 c", "3 d"])
  })

  test("DROP_OLDEST drops the new one when all others were sent: they may have arrived", () => {
    const h = online({ policy: DROP_OLDEST, slots: 2 })
    expect(["a", "b", "c"].map((payload) => h.publish(payload))).toEqual([1, 1, E_FULL])
    expect([h.session.pending(), h.session.dropped]).toEqual([2, 1])
    h.words()
    expect(h.up(true)).toEqual(["1 a dup", "2 b dup"])
  })

  const step = fc.constantFrom(
    "publish",
    "publish 2",
    "ack oldest",
    "pubrec",
    "pubcomp",
    "busy",
    "up",
    "resumed",
    "down",
  )
  const policies = fc.constantFrom<FullPolicy>(REFUSE, DROP_OLDEST, DROP_NEWEST)

  test("never holds more than its slots, gives no id twice, and comes to rest, whatever happens", () => {
    fc.assert(
      fc.property(policies, fc.array(step, { maxLength: 60 }), (policy, steps) => {
        const h = make({ policy, slots: 3, acks: qos2 })
        /** Ids that were sent and not finished, as the broker sees it. */
        const inFlight: number[] = []
        const released: number[] = []
        const look = () => {
          for (const word of h.words()) {
            const id = Number(word.split(" ")[0])
            if (word.startsWith("62 ") || word.endsWith("dup")) continue
            expect(inFlight.concat(released)).not.toContain(id)
            expect([1, 2, 3]).toContain(id)
            inFlight.push(id)
          }
        }
        for (const name of steps) {
          if (name === "publish") h.publish("x")
          else if (name === "publish 2") h.publish("x", 2)
          else if (name === "ack oldest" && h.session._socket) h.give(puback(inFlight.shift() ?? 0))
          else if (name === "pubrec" && h.session._socket && inFlight.length) {
            const id = inFlight.shift()!
            h.give(pubrec(id))
            released.push(id)
          } else if (name === "pubcomp" && h.session._socket) h.give(pubcomp(released.shift() ?? 0))
          else if (name === "busy") h.isBusy = !h.isBusy
          else if (name === "down") h.down()
          else if (name === "up" || name === "resumed") {
            // What has not left again on this connection cannot be acknowledged on it.
            h.isBusy = false
            if (name === "up") {
              inFlight.length = 0
              released.length = 0
            }
            h.session._up({ write: (packet: string) => h.sent.push(packet) } as unknown as Socket, name === "resumed")
            h.session._pump()
          }
          look()
          expect(h.session.pending()).toBeLessThanOrEqual(3)
          expect(h.session.pending()).toBeGreaterThanOrEqual(inFlight.length + released.length)
        }
        h.isBusy = false
        h.up(true)
        look()
        for (const id of [1, 2, 3]) h.give(puback(id))
        look()
        for (const id of [1, 2, 3]) h.give(pubcomp(id))
        for (const id of [1, 2, 3]) h.give(puback(id))
        expect(h.session.pending()).toBe(0)
      }),
      { numRuns: 500 },
    )
  })
})
