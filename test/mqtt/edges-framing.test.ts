import { afterEach, describe, expect, test } from "vitest"
import { DOWN_MALFORMED, E_TOO_BIG } from "../../src/mqtt/constants"
import { qos2 } from "../../src/mqtt/qos2"
import { isText } from "../../src/mqtt/utf8"
import { hex, utf8 } from "../fakes/bytes"
import { Bench, onlineBench, type BenchOptions } from "./bench"
import { connack, PINGRESP, puback, pubcomp, publish, pubrec, pubrel, suback, unsuback } from "./reference"

/** The edges of facts/mqtt.md, section 4, "Framing", for MQTT 3.1.1. The session is one of QoS 2. */
let bench: Bench
const makeOnline = (options?: BenchOptions) => {
  bench = onlineBench({ acks: qos2, maxSubscriptions: 8, ...options })
  bench.listen("a", 2)
  bench.socket.sent()
  return bench
}
afterEach(() => bench.network.finish())

const MALFORMED = [`down ${DOWN_MALFORMED}`]

describe("edge 1: every packet split at every byte, several packets in one chunk, and both", () => {
  const messages = ([0, 1, 2] as const).map((qos) =>
    publish({ topic: "a", payload: `at ${qos}`, qos, messageId: 40 + qos }),
  )
  /** Each packet that a broker of 3.1.1 sends, where it makes sense. */
  const PACKETS = [
    connack(),
    suback(0, 2),
    puback(1),
    pubrec(2),
    pubcomp(2),
    ...messages,
    messages[2]!,
    pubrel(42),
    unsuback(1),
    PINGRESP,
    publish({ topic: "a", payload: "x".repeat(200), qos: 1, messageId: 50 }),
  ]

  /** Everything that a client in the middle of all this reports and answers. */
  function outcome(pieces: readonly string[]): string[] {
    bench = new Bench({ acks: qos2 })
    bench.listen("a", 2)
    bench.listen("b", 0)
    bench.mqtt.publish("t", "one", { qos: 1 })
    bench.mqtt.publish("t", "two", { qos: 2 })
    bench.dial()
    let isUnsubscribed = false
    for (const piece of pieces) {
      bench.socket.giveBytes(piece)
      if (!isUnsubscribed && bench.mqtt.isOnline()) {
        isUnsubscribed = true
        bench.unsubscribe("b")
      }
    }
    const pending = [`pending ${bench.session.pending()}`]
    return [...bench.seen(), ...pending, bench.socket.sent().replace(/ a2 05 9f 01 00 01 62/, "")]
  }
  const whole = outcome(PACKETS)

  test("is what the reference codec wrote", () => {
    expect(whole).toEqual([
      "up",
      "a: a=at 0",
      "a: a=at 1",
      "a: a=at 2",
      `a: a=${"x".repeat(200)}`,
      "pending 0",
      [
        "82 06 7f 00 00 01 61 02 82 06 7f 01 00 01 62 00", // 3.8: both filters
        "32 08 00 01 74 00 01 6f 6e 65 34 08 00 01 74 00 02 74 77 6f", // 3.3: both messages
        "62 02 00 02", // 3.6: the answer to PUBREC
        "40 02 00 29", // 3.4: the message at QoS 1
        "50 02 00 2a 50 02 00 2a", // 3.5: the one at QoS 2, twice
        "70 02 00 2a", // 3.7
        "40 02 00 32",
      ].join(" "),
    ])
  })

  test.each(PACKETS.map((packet, at) => [at, packet] as const))("packet %i, cut anywhere", (at, packet) => {
    for (let cut = 1; cut < packet.length; cut++) {
      const pieces = [...PACKETS.slice(0, at), packet.slice(0, cut), packet.slice(cut), ...PACKETS.slice(at + 1)]
      expect([cut, ...outcome(pieces)]).toEqual([cut, ...whole])
    }
  })

  test("all in one chunk, cut anywhere, and byte by byte", () => {
    // Not the UNSUBACK: it cannot come before it was asked for.
    const stream = PACKETS.filter((packet) => packet !== unsuback(1)).join("")
    expect(outcome([stream])).toEqual(whole)
    for (let cut = 1; cut < stream.length; cut++)
      expect(outcome([stream.slice(0, cut), stream.slice(cut)])).toEqual(whole)
    expect(outcome([...stream])).toEqual(whole)
  })
})

describe("edge 2: Remaining Length (clause 2.2.3)", () => {
  test.each(["30 80 80 80 80 01", "30 ff ff ff ff 00", "40 ff ff ff ff ff"])("a fifth byte ends it: %s", (bytes) => {
    makeOnline().socket.give(bytes)
    expect(bench.seen()).toEqual(MALFORMED)
  })

  test("a form longer than it need be is taken, as 3.1.1 does not forbid it", () => {
    makeOnline().socket.give("30 84 80 00", "00 01 61 78")
    expect(bench.seen()).toEqual(["a: a=x"])
  })

  test("a length over the limit is passed over in constant memory, and the rest is understood", () => {
    makeOnline().socket.give("30 ff ff ff 7f", "00 01 61")
    const chunk = "x".repeat(65_536)
    const heapBefore = process.memoryUsage().heapUsed
    let left = 268_435_455 - 3
    for (; left > chunk.length; left -= chunk.length) bench.socket.giveBytes(chunk)
    bench.socket.giveBytes("x".repeat(left) + publish({ topic: "a", payload: "behind" }))
    expect(bench.seen()).toEqual([`trouble ${E_TOO_BIG} a`, "a: a=behind"])
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(100_000_000)
  })
})

describe("edge 3: PUBLISH with an empty payload (clause 3.3.3)", () => {
  test.each([0, 1, 2] as const)("at QoS %d is a message", (qos) => {
    makeOnline()
    const answer = bench.answer(publish({ topic: "a", payload: "", qos, messageId: 7 }))
    expect([bench.seen(), answer]).toEqual([["a: a="], ["", "40 02 00 07", "50 02 00 07"][qos]])
  })

  test("goes out as well", () => {
    makeOnline().mqtt.publish("t", "")
    expect(bench.socket.sent()).toBe("30 03 00 01 74")
  })
})

describe("edge 4: topic or id length beyond the packet", () => {
  test.each([
    ["a topic of 5 bytes in 1", "30 03 00 05 61"],
    ["a topic of 65,535 bytes", "30 04 ff ff 61 62"],
    ["no whole topic length", "30 01 00"],
    ["no id", "32 03 00 01 61"],
    ["half an id", "32 04 00 01 61 07"],
    ["no id at QoS 2", "34 03 00 01 61"],
    ["half an id at QoS 2", "34 04 00 01 61 07"],
    ["nothing at all", "30 00"],
  ])("%s ends the connection, and nothing is read or answered beyond it", (_what, bytes) => {
    makeOnline()
    // Behind it stands what could be taken for the missing bytes.
    expect([bench.answer(hex(bytes) + hex("00 07 00 07")), bench.seen()]).toEqual(["", MALFORMED])
  })
})

describe("edge 5: reserved flag bits end the connection [MQTT-2.2.2-2]", () => {
  test.each([
    ["SUBACK", "91 03 7f 00 00"],
    ["PUBACK", "41 02 00 01"],
    ["PUBREC", "52 02 00 01"],
    ["PUBREL without 0010 [MQTT-3.6.1-1]", "60 02 00 01"],
    ["PUBREL with 0011", "63 02 00 01"],
    ["PUBCOMP", "72 02 00 01"],
    ["UNSUBACK", "b2 02 9f 00"],
    ["PINGRESP", "d8 00"],
  ])("%s", (_what, bytes) => {
    makeOnline().socket.give(bytes)
    expect([bench.seen(), bench.socket.sent()]).toEqual([MALFORMED, ""])
  })

  test("CONNACK", () => {
    bench = new Bench({ acks: qos2 })
    bench.dial()
    bench.socket.give("22 02 00 00")
    expect(bench.seen()).toEqual(MALFORMED)
  })

  test("PUBREL goes out with 0010 [MQTT-3.6.1-1]", () => {
    makeOnline().mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    expect(bench.answer(pubrec(1))).toBe("62 02 00 01")
  })
})

describe("edge 6: QoS 3 [MQTT-3.3.1-4], DUP with QoS 0 [MQTT-3.3.1-2]", () => {
  test.each(["36 06 00 01 61 00 01 62", "3e 06 00 01 61 00 01 62", "38 04 00 01 61 62", "39 04 00 01 61 62"])(
    "%s ends the connection",
    (bytes) => {
      makeOnline().socket.give(bytes)
      expect([bench.seen(), bench.socket.sent()]).toEqual([MALFORMED, ""])
    },
  )
})

describe("edge 7: UTF-8", () => {
  test.each([
    ["an overlong form [MQTT-1.5.3-1]", "c0 af"],
    ["a surrogate [MQTT-1.5.3-1]", "ed a0 80"],
    ["a character cut short [MQTT-1.5.3-1]", "e2 82"],
    ["NUL [MQTT-1.5.3-2]", "61 00"],
  ])("%s closes the connection", (_what, topic) => {
    makeOnline({ isText })
    bench.listen("#")
    bench.socket.sent()
    bench.socket.giveBytes(rawPublish(hex(topic)))
    expect(bench.seen()).toEqual(MALFORMED)
  })

  test("NUL closes it without the check as well; the rest is then handed on as it is", () => {
    makeOnline().listen("#")
    bench.socket.sent()
    bench.socket.giveBytes(rawPublish("\xc0\xaf"))
    expect(bench.seen()).toEqual(["#: \xc0\xaf=x"])
    bench.socket.giveBytes(rawPublish("a\0"))
    expect(bench.seen()).toEqual(MALFORMED)
  })

  test("a BOM is kept, in front and inside [MQTT-1.5.3-3]", () => {
    makeOnline({ isText }).listen("#")
    bench.socket.sent()
    const topic = utf8("\ufeffa/\ufeff")
    bench.socket.giveBytes(rawPublish(topic))
    expect(bench.seen()).toEqual([`#: ${topic}=x`])
  })

  test("lengths count bytes, both ways (clause 1.5.3)", () => {
    const topic = utf8("Wohnzimmer/°C")
    makeOnline({ isText }).mqtt.publish(topic, "1")
    expect(bench.socket.sent().slice(0, 11)).toBe("30 11 00 0e")
    bench.listen(topic)
    bench.socket.sent()
    bench.socket.giveBytes(rawPublish(topic))
    expect(bench.seen()).toEqual([`${topic}: ${topic}=x`])
  })

  const rawPublish = (topic: string) => String.fromCharCode(0x30, topic.length + 3, 0, topic.length) + topic + "x"
})

describe("edge 8: in 3.1.1 acknowledgements have no short and no long forms (clauses 3.4 to 3.7)", () => {
  test.each(["40", "50", "62", "70", "b0"])("%s of one, three or four bytes ends the connection", (first) => {
    for (const rest of ["01 00", "03 00 01 00", "04 00 01 00 00", "00"]) {
      makeOnline().socket.give(`${first} ${rest}`)
      expect([rest, bench.seen(), bench.socket.sent()]).toEqual([rest, MALFORMED, ""])
    }
  })

  test.each(["e0 00", "e0 01 00", "f0 00"])("and no broker sends DISCONNECT or AUTH: %s", (bytes) => {
    makeOnline().socket.give(bytes)
    expect(bench.seen()).toEqual(MALFORMED)
  })
})
