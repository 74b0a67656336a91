import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { hex } from "../../fakes/bytes"
import { requestId } from "../reference"
import { Bench5, bench5, connack5, goodbye, packet5, publish5, suback5 } from "./reference"

const MALFORMED = goodbye(0x81)

/** What the client makes of these bytes when it is online: the reports, and what goes out. */
function given(bytes: string, bench = bench5()): [events: string[], sent: string] {
  bench.seen()
  const sent = bench.answer(bytes)
  return [bench.seen(), sent]
}

describe("edge 1: packets split at every byte, several in one chunk", () => {
  const stream =
    publish5({ properties: { contentType: "x", userProperties: { a: "b" } } }) +
    publish5({ qos: 1, messageId: 7 }) +
    publish5({ payload: "" }) +
    packet5({ cmd: "pingresp" }) +
    publish5({ topic: "u", qos: 2, messageId: 8, properties: { subscriptionIdentifier: 5 } })
  const expected = ["t: t=x", "t: t=x", "t: t=", "u: u=x"]

  const listening = () => {
    const bench = bench5()
    for (const topic of ["t", "u"]) bench.listen(topic, 2)
    bench.socket.sent()
    return bench
  }

  test("all at once, or cut anywhere", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const bench = listening()
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        places.slice(1).forEach((to, at) => to > places[at]! && bench.socket.giveBytes(stream.slice(places[at], to)))
        expect(bench.seen()).toEqual(expected)
        expect(bench.packets().map(({ cmd, messageId }) => [cmd, messageId])).toEqual([
          ["puback", 7],
          ["pubrec", 8],
        ])
      }),
    )
  })

  test("byte by byte", () => {
    const bench = listening()
    for (const byte of stream) bench.socket.giveBytes(byte)
    expect(bench.seen()).toEqual(expected)
    bench.socket.sent()
  })
})

describe("edge 2: Remaining Length", () => {
  test.each([
    ["a non-minimal form ends the connection [MQTT-1.5.5-1]", "30 85 00 00 01 74 00 78"],
    ["so does one of an acknowledgement", "40 82 00 00 01"],
    ["and one of nothing", "d0 80 00"],
    ["a fifth byte ends it", "30 ff ff ff ff 01"],
  ])("%s", (_, bytes) => {
    expect(given(hex(bytes))).toEqual([["down 9"], MALFORMED])
  })

  test("a non-minimal form is found when it comes in pieces, too", () => {
    const bench = bench5()
    for (const byte of hex("30 85 00")) bench.socket.giveBytes(byte)
    expect([bench.seen(), bench.socket.sent()]).toEqual([["down 9"], MALFORMED])
  })
})

describe("edge 3: PUBLISH with an empty payload", () => {
  test.each([
    ["without properties", publish5({ payload: "" })],
    ["with properties", publish5({ payload: "", properties: { contentType: "x" } })],
  ])("%s is a message of no bytes", (_, bytes) => {
    const bench = bench5()
    bench.listen("t")
    bench.socket.sent()
    expect(given(bytes, bench)).toEqual([["t: t="], ""])
  })
})

describe("edge 4: topic, id or property length beyond the packet", () => {
  test.each([
    ["the topic", "30 04 00 09 74 00"],
    ["the packet id", "32 04 00 01 74 01"],
    ["the count of properties missing, QoS 0", "30 03 00 01 74"],
    ["the count of properties missing, QoS 1", "32 05 00 01 74 00 07"],
    ["the count of properties beyond the packet", "30 05 00 01 74 05 01"],
    ["a property beyond the count", "30 07 00 01 74 03 03 00 05"],
    ["properties of a PUBACK", "40 05 00 01 00 05 1f"],
    ["properties of a DISCONNECT", "e0 04 00 09 1f 00"],
    ["half a packet id in a PUBACK", "40 01 00"],
    ["half a packet id in a SUBACK", "90 01 7f"],
  ])("%s", (_, bytes) => {
    const bench = bench5()
    bench.listen("t", 1)
    bench.socket.sent()
    expect(given(hex(bytes), bench)).toEqual([["down 9"], MALFORMED])
  })
})

describe("edge 5: reserved flag bits [MQTT-2.1.3-1]", () => {
  test.each([
    "41 02 00 01",
    "51 03 00 01 80",
    "60 02 00 01",
    "60 03 00 01 92",
    "71 02 00 01",
    "91 04 7f 00 00 00",
    "b1 04 9f 00 00 00",
    "d1 00",
    "e1 00",
    "f1 00",
  ])("%s ends the connection", (bytes) => {
    const bench = bench5()
    bench.listen("t")
    bench.socket.sent()
    expect(given(hex(bytes), bench)).toEqual([["down 9"], MALFORMED])
  })
})

describe("edge 8: short forms", () => {
  const inFlight = (qos: 1 | 2) => {
    const bench = bench5()
    bench.mqtt.publish("t", "x", { qos })
    bench.socket.sent()
    return bench
  }

  test.each([
    ["PUBACK of length 2 (clause 3.4.2.1)", "40 02 00 01"],
    ["PUBACK of length 3", "40 03 00 01 00"],
    ["PUBACK of length 3 with another success, no matching subscribers", "40 03 00 01 10"],
    ["PUBACK of length 4, no properties", "40 04 00 01 00 00"],
    ["PUBACK with a reason string", "40 08 00 01 00 04 1f 00 01 78"],
  ])("%s completes the message", (_, bytes) => {
    const bench = inFlight(1)
    expect(given(hex(bytes), bench)).toEqual([[], ""])
    expect(bench.session.pending()).toBe(0)
  })

  test.each([
    ["length 2", "50 02 00 01", "70 02 00 01"],
    ["length 3", "50 03 00 01 10", "70 03 00 01 92"],
    ["length 4", "50 04 00 01 00 00", "70 04 00 01 00 00"],
  ])("PUBREC and PUBCOMP of %s", (_, pubrec, pubcomp) => {
    const bench = inFlight(2)
    expect(given(hex(pubrec), bench)).toEqual([[], "62 02 00 01"])
    expect(bench.session.pending()).toBe(1)
    expect(given(hex(pubcomp), bench)).toEqual([[], ""])
    expect(bench.session.pending()).toBe(0)
  })

  test.each(["62 02 00 07", "62 03 00 07 00", "62 03 00 07 92", "62 04 00 07 00 00"])(
    "PUBREL %s is answered",
    (bytes) => {
      expect(given(hex(bytes))).toEqual([[], "70 02 00 07"])
    },
  )

  test.each([
    ["DISCONNECT of length 0 is a normal one (clause 3.14.2.1)", "e0 00", "down 6"],
    ["DISCONNECT of length 1", "e0 01 8b", "down 139"],
    ["DISCONNECT of length 2, no properties", "e0 02 8d 00", "down 141"],
  ])("%s", (_, bytes, down) => {
    expect(given(hex(bytes))).toEqual([[down], ""])
  })

  test("AUTH of length 0 is success, and not for a client that asked for no method (clause 3.15.2.1)", () => {
    expect(given(hex("f0 00"))).toEqual([["down 9"], MALFORMED])
  })
})

describe("edge 9: properties: duplicate, unknown, in the wrong packet", () => {
  const id = "7f 00"
  test.each([
    ["doubled in PUBLISH", "30 08 00 01 74 04 01 00 01 00"],
    ["unknown in PUBLISH", "30 06 00 01 74 02 05 00"],
    ["of CONNACK in PUBLISH", "30 07 00 01 74 03 21 00 01"],
    ["a topic alias in PUBACK", "40 07 00 01 00 03 23 00 01"],
    ["a server reference in PUBACK", "40 07 00 01 00 03 1c 00 00"],
    ["a reason string twice in PUBACK", "40 0a 00 01 00 06 1f 00 00 1f 00 00"],
    ["of PUBLISH in SUBACK", `90 06 ${id} 02 01 00 00`],
    ["of PUBLISH in UNSUBACK", `b0 06 9f 00 02 01 00 00`],
    ["a session expiry in DISCONNECT", "e0 07 00 05 11 00 00 00 01"],
    ["a reason string twice in DISCONNECT", "e0 08 00 06 1f 00 00 1f 00 00"],
  ])("%s ends the connection", (_, bytes) => {
    const bench = bench5()
    bench.mqtt.publish("t", "x", { qos: 1 })
    bench.listen("t")
    bench.socket.sent()
    expect(given(hex(bytes), bench)).toEqual([["down 9"], MALFORMED])
  })

  test.each([
    ["doubled", "20 09 00 00 06 21 00 05 21 00 05"],
    ["unknown", "20 05 00 00 02 05 00"],
    ["of PUBLISH", "20 05 00 00 02 01 00"],
    ["cut short", "20 05 00 00 02 21 00"],
    ["missing", "20 02 00 00"],
  ])("%s in CONNACK is no connection", (_, bytes) => {
    const bench = new Bench5()
    bench.dial()
    expect(bench.answer(hex(bytes))).toBe("")
    expect(bench.seen()).toEqual(["down 9"])
  })

  test("user properties may repeat anywhere, subscription identifiers in PUBLISH", () => {
    const userProperties = { a: ["1", "2"] }
    const bench = new Bench5()
    bench.dial()
    bench.listen("t", 0)
    bench.answer(connack5({ userProperties }))
    bench.answer(suback5(0, 0, { userProperties, reasonString: "well" }))
    expect(bench.five.reasonString).toBe("well")
    bench.answer(hex("30 08 00 01 74 04 0b 01 0b 02"))
    bench.answer(publish5({ properties: { userProperties } }))
    expect(bench.seen()).toEqual(["up", "t: t=", "t: t=x"])
  })
})

test("noise instead of packets makes no exception, and the connection is up or told to be down", () => {
  const noise = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 })
  const first = fc.constantFrom(0x20, 0x30, 0x32, 0x34, 0x3d, 0x40, 0x50, 0x62, 0x70, 0x90, 0xb0, 0xd0, 0xe0, 0xf0)
  fc.assert(
    fc.property(first, noise, fc.boolean(), (kind, body, isOnline) => {
      const bench = isOnline ? bench5() : new Bench5()
      if (!isOnline) bench.dial()
      bench.listen("t", 2)
      bench.mqtt.publish("t", "x", { qos: 2 })
      bench.seen()
      bench.socket.giveBytes(String.fromCharCode(kind, body.length, ...body))
      const isDown = bench.seen().some((event) => event.startsWith("down"))
      expect(bench.mqtt.isOnline()).toBe(isOnline ? !isDown : kind === 0x20 && !isDown)
    }),
    { numRuns: 5000 },
  )
})

test("a SUBACK for a subscription answers that subscription (clause 3.9)", () => {
  const bench = bench5()
  for (const filter of ["a", "b", "c"]) bench.listen(filter, 1)
  expect(bench.packets().map(({ messageId }) => messageId)).toEqual([0, 1, 2].map(requestId))
  bench.answer(suback5(1, 0x87, { reasonString: "not yours" }))
  expect(bench.seen()).toEqual(["trouble 135 b"])
  expect(bench.five.reasonString).toBe("not yours")
})
