import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DOWN_MALFORMED, E_TOO_BIG } from "../../src/mqtt/constants"
import { hex } from "../fakes/bytes"
import { onlineBench, type Bench, type BenchOptions } from "./bench"
import { PINGRESP, publish, suback } from "./reference"

/** A client with exact filters only takes short messages on a path of its own. */
interface Listening extends BenchOptions {
  isExact?: boolean
}

function listening({ isExact, ...options }: Listening = {}): Bench {
  const bench = onlineBench(options)
  bench.listen("a")
  if (!isExact) bench.listen("w/+", 1)
  bench.socket.sent()
  return bench
}

/** What a client reports and answers when `bytes` come in chunks of these sizes, over and over. */
function outcome(bytes: string, sizes: number[], options?: Listening): string[] {
  const bench = listening(options)
  for (let at = 0, i = 0; at < bytes.length && !bench.socket.isEnded; i++) {
    const size = sizes[i % sizes.length]!
    bench.socket.giveBytes(bytes.slice(at, at + size))
    at += size
  }
  const seen = [...bench.seen(), bench.socket.sent()]
  bench.network.finish()
  return seen
}

const x = (count: number) => "x".repeat(count)
const STREAM = [
  suback(0),
  publish({ topic: "a", payload: "" }),
  publish({ topic: "w/1", payload: "one", qos: 1, messageId: 0x0102 }),
  PINGRESP,
  publish({ topic: "a", payload: x(124) }),
  publish({ topic: "a", payload: x(125) }),
  suback(1, 1),
  publish({ topic: "unknown", payload: x(180), qos: 1, messageId: 7 }),
  publish({ topic: "w/2", payload: x(200), retain: true }),
].join("")

describe("a stream in pieces", () => {
  const whole = outcome(STREAM, [STREAM.length])

  test("gives the same events and answers wherever it is cut once", () => {
    for (let cut = 1; cut < STREAM.length; cut++) expect(outcome(STREAM, [cut, STREAM.length])).toEqual(whole)
  })

  test("gives the same events wherever a packet that stands alone is cut", () => {
    for (const size of [0, 1, 60, 123, 124, 125, 126, 127, 128, 150, 240]) {
      const alone = publish({ topic: "a", payload: x(size) })
      for (let cut = 1; cut < alone.length; cut++)
        expect([size, cut, ...outcome(alone, [cut, alone.length])]).toEqual([size, cut, `a: a=${x(size)}`, ""])
    }
  })

  test("gives the same events and answers byte by byte and in any other pieces", () => {
    expect(outcome(STREAM, [1])).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        expect(outcome(STREAM, sizes)).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })

  test("is read as the reference codec wrote it", () => {
    expect(whole).toEqual([
      "a: a=",
      "w/+: w/1=one",
      `a: a=${x(124)}`,
      `a: a=${x(125)}`,
      `w/+: w/2=${x(200)}`,
      "40 02 01 02 40 02 00 07",
    ])
  })
})

describe("a message larger than the limit", () => {
  const small = publish({ topic: "a", payload: "behind" })

  test("is acknowledged, reported and passed over, in pieces of any size below the limit", () => {
    const big = publish({ topic: "w/1", payload: x(5000), qos: 1, messageId: 5 })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 9 }), (sizes) => {
        expect(outcome(big + small, sizes)).toEqual([`trouble ${E_TOO_BIG} w/1`, "a: a=behind", "40 02 00 05"])
      }),
      { numRuns: 60 },
    )
  })

  test("is passed over even when it is 20 MB, in chunks of the chip", () => {
    const bench = listening()
    bench.socket.give("30 80 80 80 0a", "00 01 61") // clause 2.2.3: 10 times 128 cubed
    const chunk = x(536)
    let left = 20_971_520 - 3
    for (; left > 536; left -= 536) bench.socket.giveBytes(chunk)
    bench.socket.giveBytes(x(left) + small)
    expect(bench.seen()).toEqual([`trouble ${E_TOO_BIG} a`, "a: a=behind"])
  })

  test("is judged by its size alone where the smallest limit meets the shortest header", () => {
    for (const isExact of [false, true])
      for (const size of [127, 128, 129, 200]) {
        const options = { maxPacketBytes: 128, isExact }
        const fits = publish({ topic: "a", payload: x(123) })
        expect([fits.length, ...outcome(fits, [size], options)]).toEqual([128, `a: a=${x(123)}`, ""])
        const over = publish({ topic: "a", payload: x(124) })
        expect([size, ...outcome(over, [size], options)]).toEqual([size, `trouble ${E_TOO_BIG} a`, ""])
      }
  })

  test("is judged by its size alone, not by the pieces it came in", () => {
    for (const over of [1, 2, 100, 300]) {
      const big = publish({ topic: "a", payload: x(256 - 6 + over) })
      for (const size of [100, 255, 256, 257, 536, 1000])
        expect([over, size, ...outcome(big + small, [size])]).toEqual([
          over,
          size,
          `trouble ${E_TOO_BIG} a`,
          "a: a=behind",
          "",
        ])
    }
  })

  test("with a topic that does not fit either is passed over, not taken for malformed", () => {
    const topic = "t".repeat(400)
    const [trouble, ...others] = outcome(publish({ topic, payload: "x", qos: 1, messageId: 6 }) + small, [100])
    expect(trouble).toMatch(new RegExp(`^trouble ${E_TOO_BIG} t+$`))
    expect(others).toEqual(["a: a=behind", ""])
  })

  test("is forgotten with its connection", () => {
    const bench = listening()
    bench.socket.giveBytes(publish({ topic: "a", payload: x(5000) }).slice(0, 1000))
    bench.socket.closeByPeer()
    bench.online().socket.sent()
    bench.socket.giveBytes(small)
    expect(bench.seen()).toEqual([`trouble ${E_TOO_BIG} a`, "down 6", "up", "a: a=behind"])
  })

  test("one byte below the limit it is handed on", () => {
    const payload = x(256 - 3 - 3)
    expect(outcome(publish({ topic: "a", payload }), [100])).toEqual([`a: a=${payload}`, ""])
  })
})

describe("what the standard forbids ends the connection with its reason", () => {
  test.each([
    ["QoS 3 [3.3.1-4]", "36 06 00 01 61 00 01 62"],
    ["QoS 2, which was never asked for", "34 06 00 01 61 00 01 62"],
    ["DUP at QoS 0 [3.3.1-2]", "38 04 00 01 61 62"],
    ["an empty topic [4.7.3-1]", "30 03 00 00 62"],
    ["a topic beyond the packet", "30 03 00 05 61"],
    ["a PUBLISH without a topic length", "30 01 00"],
    ["an empty PUBLISH", "30 00"],
    ["a wildcard in a topic [3.3.2-2]", "30 04 00 01 2b 62"],
    ["a NUL in a topic [4.7.3-2]", "30 05 00 02 61 00 62"],
    ["packet id 0 [2.3.1-1]", "32 06 00 01 61 00 00 62"],
    ["no packet id", "32 03 00 01 61"],
    ["half a packet id", "32 04 00 01 61 01"],
    ["what looks like a PUBLISH and is of a type below", "20 05 00 01 61 62 63"],
    ["a packet id beyond the packet", "32 04 00 01 61 00"],
    ["a fifth length byte [2.2.3]", "30 ff ff ff ff 01"],
    ["PUBACK of one byte", "40 01 00"],
    ["PUBACK of three bytes", "40 03 00 01 00"],
    ["PUBACK with flags [2.2.2-2]", "42 02 00 01"],
    ["PUBREC, at no QoS of ours", "50 02 00 01"],
    ["PUBREL", "62 02 00 01"],
    ["PUBCOMP", "70 02 00 01"],
    ["UNSUBACK, never asked for", "b0 02 00 01"],
    ["PINGRESP with a body", "d0 01 00"],
    ["PINGRESP with flags [2.2.2-2]", "d1 00"],
    ["a packet only clients send: CONNECT", "10 00"],
    ["a packet only clients send: SUBSCRIBE", "82 06 00 01 00 01 61 00"],
    ["a packet only clients send: PINGREQ", "c0 00"],
    ["a packet only clients send: DISCONNECT", "e0 00"],
    ["type 0 (table 2.1)", "00 00"],
    ["type 15 (table 2.1)", "f0 00"],
  ])("%s", (_what, bytes) => {
    const expected = [`down ${DOWN_MALFORMED}`, ""]
    for (const options of [{}, { isExact: true }]) {
      expect(outcome(hex(bytes), [100], options)).toEqual(expected)
      expect(outcome(hex(bytes), [1], options)).toEqual(expected)
      const between = publish({ topic: "a", payload: "x" }) + hex(bytes) + PINGRESP
      expect(outcome(between, [100], options)).toEqual(["a: a=x", ...expected])
    }
  })

  test("a large packet that is no PUBLISH", () => {
    expect(outcome(hex("20 ff ff 7f") + x(1000), [100])).toEqual([`down ${DOWN_MALFORMED}`, ""])
  })
})
