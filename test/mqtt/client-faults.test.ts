import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Bench } from "./bench"
import { connack } from "./reference"

describe("noise on the line", () => {
  test("answers nothing but PUBACKs, whatever bytes come", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (noise) => {
        const bench = new Bench().online()
        bench.socket.giveBytes(Buffer.from(noise).toString("latin1"))
        expect(bench.socket.sent()).toMatch(/^(40 02 .. ..( |$))*$/)
      }),
      { numRuns: 2000 },
    )
  })
})

/** A broker that keeps what was published to it, and a session, and answers in pieces: its link is cut at one byte. */
function runAgainstBroker(cutAfterBytes: number, keepsSession: boolean): { received: string[]; pending: number } {
  const bench = new Bench({ keepSession: true, slots: 8 })
  const received: string[] = []
  let budget = cutAfterBytes
  let hasSession = false
  /** Reads what the client sent and answers it; both count towards the cut. */
  const serve = (answerConnect: boolean) => {
    const bytes = Buffer.from(bench.socket.sent().replaceAll(" ", ""), "hex").toString("latin1")
    let answers = answerConnect ? connack(0, hasSession) : ""
    if (answerConnect) hasSession = keepsSession
    for (let at = 0; at + 2 <= bytes.length; at += 2 + bytes.charCodeAt(at + 1)) {
      const body = bytes.slice(at + 2, at + 2 + bytes.charCodeAt(at + 1))
      if (bytes.charCodeAt(at) >> 4 !== 3 || body.length < bytes.charCodeAt(at + 1)) continue
      if (budget < at + 2 + body.length) break
      received.push(body.slice(5) + (bytes.charCodeAt(at) & 8 ? " dup" : ""))
      answers += "\x40\x02" + body.slice(3, 5)
    }
    budget -= bytes.length
    if (budget > 0 && answers) bench.socket.giveBytes(answers.slice(0, budget))
    budget -= answers.length
    if (budget > 0) return
    budget = Infinity
    bench.socket.closeByPeer()
    bench.dial()
    serve(true)
  }
  bench.dial()
  serve(true)
  for (const payload of ["a", "b", "c", "d"]) {
    bench.mqtt.publish("t", payload, { qos: 1 })
    if (payload === "b" || payload === "d") serve(false)
  }
  serve(false)
  serve(false)
  return { received, pending: bench.session.pending() }
}

describe("the link is cut after every byte", () => {
  test.each([true, false])(
    "and every QoS 1 message arrives at least once, in order (kept session: %j)",
    (keepsSession) => {
      let repeated = 0
      for (let cut = 1; cut < 70; cut++) {
        const { received, pending } = runAgainstBroker(cut, keepsSession)
        const firsts = received.map((message) => message[0]).filter((payload, i, all) => all.indexOf(payload) === i)
        expect([cut, pending, firsts.join("")]).toEqual([cut, 0, "abcd"])
        // [3.3.1-1]: what comes twice says so, as long as the broker knows the session.
        const repeats = received.filter((message, i) => received.findIndex((other) => other[0] === message[0]) < i)
        if (keepsSession) expect(repeats.every((message) => message.endsWith(" dup"))).toBe(true)
        repeated += repeats.length
      }
      expect(repeated).toBeGreaterThan(0)
    },
  )

  test("and without a cut nothing comes twice", () => {
    expect(runAgainstBroker(1e9, true)).toEqual({ received: ["a", "b", "c", "d"], pending: 0 })
  })
})

describe("when events run", () => {
  test("neither up nor a message nor trouble is told inside open, publish or subscribe", () => {
    const bench = new Bench()
    bench.dial()
    expect(bench.seen()).toEqual([])
    bench.socket.giveBytes(connack())
    bench.seen()
    bench.listen("a")
    bench.mqtt.publish("a", "x".repeat(300))
    expect(bench.seen()).toEqual([])
  })

  test("after the client let go of a socket, nothing that socket still says is heard", () => {
    const bench = new Bench().online()
    const old = bench.socket
    bench.mqtt.drop(99)
    bench.seen()
    old.isEnded = false
    old.giveBytes(connack())
    old.closeByPeer()
    expect(bench.seen()).toEqual([])
  })
})
