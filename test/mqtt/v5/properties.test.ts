import fc from "fast-check"
import type { IPublishPacket } from "mqtt-packet"
import { describe, expect, test } from "vitest"
import * as P from "../../../src/mqtt/v5/properties"
import { hex, toHex } from "../../fakes/bytes"
import { publish5, read5 } from "./reference"

const ALL =
  "\x01\x02\x03\x08\x09\x0b\x11\x12\x13\x15\x16\x17\x18\x19\x1a\x1c\x1f\x21\x22\x23\x24\x25\x26\x27\x28\x29\x2a"

/** Identifier, value, and the bytes that clause 2.2.2.2 gives them. */
const VECTORS: [name: string, id: number, value: Parameters<typeof P.encodeProperty>[1], bytes: string][] = [
  ["one byte", P.PAYLOAD_FORMAT, 1, "01 01"],
  ["one byte, as yes", P.REQUEST_RESPONSE, true, "19 01"],
  ["one byte, as no", P.RETAIN_AVAILABLE, false, "25 00"],
  ["two bytes", P.TOPIC_ALIAS, 0x1234, "23 12 34"],
  ["two bytes, the most", P.RECEIVE_MAXIMUM, 65_535, "21 ff ff"],
  ["four bytes", P.MESSAGE_EXPIRY, 0x01020304, "02 01 02 03 04"],
  ["four bytes, the least", P.WILL_DELAY, 0, "18 00 00 00 00"],
  ["four bytes, the most", P.SESSION_EXPIRY, 0xffffffff, "11 ff ff ff ff"],
  ["a variable-length integer of one byte", P.SUBSCRIPTION_ID, 127, "0b 7f"],
  ["a variable-length integer of four bytes", P.SUBSCRIPTION_ID, 268_435_455, "0b ff ff ff 7f"],
  ["text", P.CONTENT_TYPE, "a/b", "03 00 03 61 2f 62"],
  ["no text", P.REASON_STRING, "", "1f 00 00"],
  ["bytes", P.CORRELATION_DATA, "\0\xff", "09 00 02 00 ff"],
  ["a pair", P.USER_PROPERTY, [["a", "bc"]], "26 00 01 61 00 02 62 63"],
  [
    "pairs in order, names doubled",
    P.USER_PROPERTY,
    [
      ["a", "1"],
      ["a", ""],
    ],
    "26 00 01 61 00 01 31 26 00 01 61 00 00",
  ],
  ["nothing", P.TOPIC_ALIAS, undefined, ""],
]

describe("one property", () => {
  test.each(VECTORS)("%s is encoded as clause 2.2.2.2 has it", (_, id, value, bytes) => {
    expect(toHex(P.encodeProperty(id, value))).toBe(bytes)
  })

  test.each(VECTORS.filter(([, id, value]) => value !== undefined && id !== P.USER_PROPERTY))(
    "%s is read back",
    (_, id, value, bytes) => {
      const block = P.counted(hex(bytes))
      expect(P.property(block, 0, id)).toBe(typeof value === "boolean" ? Number(value) : value)
      expect(P.propertiesEnd(block, 0, ALL)).toBe(block.length)
    },
  )

  test("is not looked for in the payload", () => {
    for (const properties of [{}, { payloadFormatIndicator: true }])
      expect(P.publishProperty(publish5({ payload: "\x03\0\x01c", properties }), P.CONTENT_TYPE)).toBeUndefined()
  })

  test("the nth of those that repeat", () => {
    const block = P.counted(
      [1, 300, 70_000].map((id) => P.encodeProperty(P.SUBSCRIPTION_ID, id)).join(P.encodeProperty(P.CONTENT_TYPE, "x")),
    )
    expect([undefined, 0, 1, 2, 3].map((nth) => P.property(block, 0, P.SUBSCRIPTION_ID, nth))).toEqual([
      1,
      1,
      300,
      70_000,
      undefined,
    ])
  })
})

describe("edge 9: properties: duplicate, unknown, in the wrong packet; some may repeat (clause 2.2.2)", () => {
  const end = (bytes: string, allowed: string) => P.propertiesEnd(hex(bytes), 0, allowed)

  test.each([
    ["none", "00", P.IN_PUBLISH, 1],
    ["twice what may stand once", "04 01 01 01 01", P.IN_PUBLISH, 0],
    ["twice a user property", "0a 26 00 00 00 00 26 00 00 00 00", P.IN_ACK, 11],
    ["twice a subscription identifier", "04 0b 01 0b 01", P.IN_PUBLISH, 5],
    ["unknown", "02 04 01", P.IN_PUBLISH, 0],
    ["unknown, above all", "02 7f 01", P.IN_CONNACK, 0],
    ["of CONNECT in CONNACK", "02 17 01", P.IN_CONNACK, 0],
    ["a subscription identifier in an acknowledgement", "02 0b 01", P.IN_ACK, 0],
    ["session expiry in a server's DISCONNECT [MQTT-3.14.2-2]", "05 11 00 00 00 01", P.IN_ACK + P.IN_DISCONNECT, 0],
    ["a yes that is neither yes nor no", "02 01 02", P.IN_PUBLISH, 0],
    ["text beyond the block", "04 03 00 02 61 62", P.IN_PUBLISH, 0],
    ["a value cut short", "03 02 00 00", P.IN_PUBLISH, 0],
    ["the block beyond the packet", "05 01 01", P.IN_PUBLISH, 0],
    ["no count", "", P.IN_PUBLISH, 0],
    ["a count that does not end", "ff ff ff ff 01", P.IN_PUBLISH, 0],
    ["a count longer than it needs [MQTT-1.5.5-1]", "80 00", P.IN_PUBLISH, 0],
    ["a subscription identifier longer than it needs", "03 0b 81 00", P.IN_PUBLISH, 0],
    ["a subscription identifier of five bytes", "06 0b ff ff ff ff 01", P.IN_PUBLISH, 0],
  ])("%s", (_, bytes, allowed, expected) => {
    expect(end(bytes, allowed)).toBe(expected)
  })
})

const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
})
const text = fc.string({ unit: fc.constantFrom("a", "b", "/", " ", "0"), maxLength: 150 })
const pairs = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 })

describe("by property", () => {
  test("what the independent codec writes is read as it was", () => {
    const properties = fc.record(
      {
        payloadFormatIndicator: fc.boolean(),
        messageExpiryInterval: fc.integer({ min: 0, max: 0xffffffff }),
        topicAlias: fc.integer({ min: 1, max: 65_535 }),
        responseTopic: text,
        correlationData: bytes.map((each) => Buffer.from(each, "latin1")),
        contentType: text,
        subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(properties, text, (given, payload) => {
        const packet = publish5({
          topic: "some/topic",
          payload,
          qos: 1,
          properties: given as IPublishPacket["properties"],
        })
        const at = P.publishPropertiesAt(packet)
        expect(packet.substr(P.propertiesEnd(packet, at, P.IN_PUBLISH))).toBe(payload)
        const read = (id: number) => P.publishProperty<unknown>(packet, id)
        expect(read(P.PAYLOAD_FORMAT)).toBe(
          given.payloadFormatIndicator === undefined ? undefined : Number(given.payloadFormatIndicator),
        )
        expect(read(P.MESSAGE_EXPIRY)).toBe(given.messageExpiryInterval)
        expect(read(P.TOPIC_ALIAS)).toBe(given.topicAlias)
        expect(read(P.RESPONSE_TOPIC)).toBe(given.responseTopic)
        expect(read(P.CORRELATION_DATA)).toBe(given.correlationData?.toString("latin1"))
        expect(read(P.CONTENT_TYPE)).toBe(given.contentType)
        expect(read(P.SUBSCRIPTION_ID)).toBe(given.subscriptionIdentifier)
      }),
    )
  })

  test("user properties come back in order, read by the independent codec and by ours", () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const properties = P.counted(P.encodeProperty(P.USER_PROPERTY, given))
        const packet = "\x30" + String.fromCharCode(...lengthBytes(3 + properties.length)) + "\0\x01t" + properties
        expect(given.map((_, nth) => userProperty(packet, nth))).toEqual(given)
        const [heard] = read5(packet) as IPublishPacket[]
        const named = heard!.properties!.userProperties as Record<string, string | string[]>
        // The codec forgets an empty value when the name comes again.
        for (const [name, value] of given) if (value) expect([named[name]].flat()).toContain(value)
      }),
    )
  })

  test("cut short anywhere, a block has no end; noise is never read past its end", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.constantFrom(P.IN_PUBLISH, P.IN_CONNACK, ALL), (noise, cut, allowed) => {
        const end = P.propertiesEnd(noise, 0, allowed)
        expect(end).toBeLessThanOrEqual(noise.length)
        // Whatever it is, looking into it ends, and finds no more bytes than there are.
        for (let id = 0; id < 48; id++) {
          const value = P.property<unknown>(noise, 0, id)
          if (typeof value === "string") expect(value.length).toBeLessThanOrEqual(noise.length)
        }
        if (end) expect(P.propertiesEnd(noise.substr(0, cut % end), 0, allowed)).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Independent of the code under test. */
function lengthBytes(length: number): number[] {
  return length < 128 ? [length] : [(length % 128) + 128, ...lengthBytes(Math.floor(length / 128))]
}

function userProperty(packet: string, nth: number): [string, string] | undefined {
  const pair = P.publishProperty(packet, P.USER_PROPERTY, nth)!
  const bytesOf = Buffer.from(pair, "latin1")
  const length = bytesOf.readUInt16BE(0)
  return [pair.substr(2, length), pair.substr(4 + length)]
}
