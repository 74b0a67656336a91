import { describe, expect, test } from "vitest"
import { bench } from "./peer"

const bytes = (hex: string) => [...Buffer.from(hex.replace(/\s/g, ""), "hex")]

/** "MQTT", level 5 */
const MQTT5 = "0004 4d515454 05"
const connect = (rest: string) => {
  const body = bytes(MQTT5 + rest)
  return [0x10, body.length, ...body]
}

describe("a CONNECT of 5.0 that is wrong is answered in CONNACK", () => {
  test.each([
    ["[MQTT-3.1.2-3] the reserved flag", "03 0000 00 0001 61", 0x81],
    ["[MQTT-3.1.2-12] a will of QoS 3", "1e 0000 00 0001 61 00 0001 77 0000", 0x81],
    ["[MQTT-3.1.2-11] a will's QoS without a will", "0a 0000 00 0001 61", 0x81],
    ["an unknown property", "02 0000 02 7f 00 0001 61", 0x81],
    ["a property of another packet, the server keep-alive", "02 0000 03 13 0001 0001 61", 0x81],
    ["a property twice, the receive maximum", "02 0000 06 21 0001 21 0001 0001 61", 0x82],
    ["a receive maximum of 0", "02 0000 03 21 0000 0001 61", 0x82],
    ["a maximum packet size of 0", "02 0000 05 27 00000000 0001 61", 0x82],
    ["a flag of 2, request problem information", "02 0000 02 17 02 0001 61", 0x82],
    ["a property beyond its block", "02 0000 02 21 0001 0001 61", 0x81],
    ["a block beyond the packet", "02 0000 7f 0001 61", 0x81],
    ["bytes after the last field", "02 0000 00 0001 61 00", 0x81],
    ["an id beyond the packet", "02 0000 00 0009 61", 0x81],
    ["an id that is not UTF-8", "02 0000 00 0002 c0af", 0x81],
  ])("%s", (_, rest, code) => {
    const peer = bench().peer(false).raw(connect(rest))
    expect(peer.written.map((out) => out.subarray(2, 4).toString("hex"))).toEqual([`00${code.toString(16)}`])
    expect(peer.isClosed).toBe(true)
  })
})

describe("after CONNACK it is answered in DISCONNECT", () => {
  test.each([
    ["QoS 3", "36 06 0001 74 0001 00", 0x81],
    ["[MQTT-3.3.1-2] DUP at QoS 0", "38 04 0001 74 00", 0x81],
    ["[MQTT-2.2.1-3] packet id 0 in PUBLISH", "32 06 0001 74 0000 00", 0x82],
    ["packet id 0 in PUBACK", "40 02 0000", 0x82],
    ["packet id 0 in SUBSCRIBE", "82 07 0000 00 0001 74 00", 0x82],
    ["[MQTT-1.5.4-1] a surrogate in a topic", "30 06 0003 eda080 00", 0x81],
    ["[MQTT-1.5.4-2] U+0000 in a topic", "30 06 0003 610062 00", 0x81],
    ["a topic beyond the packet", "30 04 0009 74 00", 0x81],
    ["a property in the wrong packet, receive maximum in PUBLISH", "30 07 0001 74 03 21 0001", 0x81],
    ["a content type twice", "30 0c 0001 74 08 03 0001 61 03 0001 62", 0x82],
    ["[MQTT-1.5.5-1] a property length longer than need be", "30 05 0001 74 80 00", 0x81],
    ["a remaining length longer than need be", "c0 80 00", 0x81],
    ["[MQTT-3.8.3-5] reserved bits of subscription options", "82 07 0001 00 0001 74 c0", 0x81],
    ["retain handling 3", "82 07 0001 00 0001 74 30", 0x81],
    ["subscription identifier 0", "82 09 0001 02 0b00 0001 74 00", 0x82],
    ["SUBSCRIBE without a filter", "82 03 0001 00", 0x82],
    ["UNSUBSCRIBE without a filter", "a2 03 0001 00", 0x82],
    ["[MQTT-2.1.3-1] PUBREL's flags", "60 02 0001", 0x81],
    ["an unknown reason code in PUBACK", "40 03 0001 11", 0x81],
    ["PINGREQ with a body", "c0 01 00", 0x81],
    ["packet type 0", "00 00", 0x81],
    ["a second CONNECT", "10 0e 0004 4d515454 05 02 0000 00 0001 61", 0x82],
    ["CONNACK from a client", "20 03 00 00 00", 0x82],
  ])("%s", (_, hex, code) => {
    const peer = bench().five().forget().raw(bytes(hex))
    expect(peer.said).toEqual([`disconnect 0x${code.toString(16)}`])
    expect(peer.properties.reasonString).toMatch(/./)
    expect(peer.isClosed).toBe(true)
  })
})

describe("what is right passes", () => {
  test.each([
    ["PUBACK of two bytes", "40 02 0001"],
    ["PUBACK of three", "40 03 0001 10"],
    ["text of three and four bytes a character, and a BOM", "30 0e 000b e282ac f09f9880 efbbbf 61 00"],
    ["an empty property block and no payload", "30 04 0001 74 00"],
  ])("%s", (_, hex) => expect(bench().five().raw(bytes(hex)).isClosed).toBe(false))

  test("DISCONNECT of no byte and of one", () => {
    const t = bench()
    t.five({ will: { topic: "w", payload: "" } }).raw(bytes("e0 00"))
    expect(t.broker.messages).toEqual([])
    t.five({ will: { topic: "w", payload: "" }, properties: { sessionExpiryInterval: 0 } }).raw(bytes("e0 01 04"))
    expect(t.broker.messages).toHaveLength(1)
  })
})

describe("3.1.1 is held to the same, and closed without a word", () => {
  test.each([
    ["[MQTT-1.5.3-1] a topic that is not UTF-8", "30 04 0002 c0af"],
    ["[MQTT-2.3.1-1] packet id 0", "32 05 0001 74 0000"],
    ["[MQTT-3.3.1-2] DUP at QoS 0", "38 03 0001 74"],
    ["DISCONNECT with a body", "e0 01 00"],
    ["AUTH", "f0 00"],
  ])("%s", (_, hex) => {
    const peer = bench().peer().forget().raw(bytes(hex))
    expect([peer.written, peer.isClosed]).toEqual([[], true])
  })

  test("[MQTT-3.1.2-22] a password without a user", () => {
    const peer = bench().peer(false).raw(bytes("10 10 0004 4d515454 04 42 0000 0001 61 0001 70"))
    expect([peer.written, peer.isClosed]).toEqual([[], true])
  })
})
