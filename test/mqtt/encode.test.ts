import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { connectPacket as connect, field, frame, u16, varint, type ConnectFields } from "../../src/mqtt/encode"
import { login } from "../../src/mqtt/login"
import { will } from "../../src/mqtt/will"
import { hex, toHex, utf8 } from "../fakes/bytes"
import { packetHex } from "./reference"

/** Without properties it is that of 3.1.1. */
const connectPacket = (fields: ConnectFields) => connect(fields, "")

describe("remaining length", () => {
  // Table 2.4 of the standard: the first and last value of each size.
  test.each([
    [0, "00"],
    [127, "7f"],
    [128, "80 01"],
    [16383, "ff 7f"],
    [16384, "80 80 01"],
    [2097151, "ff ff 7f"],
    [2097152, "80 80 80 01"],
    [268435455, "ff ff ff 7f"],
    [321, "c1 02"], // the worked example of clause 2.2.3
  ])("%d is %s", (length, bytes) => {
    expect(toHex(varint(length))).toBe(bytes)
  })
})

describe("fields", () => {
  test("a number of two bytes has the most significant one first (clause 1.5.2)", () => {
    expect([0, 1, 255, 256, 65535].map((value) => toHex(u16(value)))).toEqual([
      "00 00",
      "00 01",
      "00 ff",
      "01 00",
      "ff ff",
    ])
  })

  test("the length of a text counts bytes (clause 1.5.3, example 1.5.3.1)", () => {
    expect(toHex(field(utf8("A\u{2A6D4}")))).toBe("00 05 41 f0 aa 9b 94")
  })

  test("a frame is first byte, length, rest", () => {
    expect(toHex(frame(0x40, "\x12\x34"))).toBe("40 02 12 34")
    expect(frame(0x30, "x".repeat(128))).toBe(hex("30 80 01") + "x".repeat(128))
  })
})

describe("CONNECT", () => {
  test("is the standard's own example, field by field (figure 3.6)", () => {
    const bytes = connectPacket({
      clientId: "c1",
      keepAliveS: 10,
      keepSession: false,
      will: will("w", "bye", 1),
      login: login("u", "p"),
    })
    const expected = hex(
      "10 1c", // 3.1.1: type 1, flags 0
      "00 04 4d 51 54 54", // 3.1.2.1: protocol name
      "04", // 3.1.2.2: level 4 is 3.1.1
      "ce", // 3.1.2.3: user 1, password 1, will retain 0, will QoS 01, will 1, clean session 1, reserved 0
      "00 0a", // 3.1.2.10: keep-alive
      "00 02 63 31", // 3.1.3.1: client id
      "00 01 77", // 3.1.3.2: will topic
      "00 03 62 79 65", // 3.1.3.3: will message
      "00 01 75", // 3.1.3.4: user
      "00 01 70", // 3.1.3.5: password
    )
    expect(toHex(bytes)).toBe(toHex(expected))
  })

  const wills = [undefined, ...([0, 1, 2] as const).flatMap((qos) => [false, true].map((retain) => ({ qos, retain })))]
  const logins = [[], ["user"], ["user", ""], ["user", "secret"], ["", ""]] as [user?: string, password?: string][]
  const cases = wills.flatMap((asked) =>
    logins.flatMap((words) => [false, true].map((keepSession) => [asked, words, keepSession] as const)),
  )

  test.each(cases)("agrees on will %j, login %j, keepSession %j", (asked, words, keepSession) => {
    const [user, password] = words
    const reference = packetHex({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clientId: "mote-1",
      clean: !keepSession,
      keepalive: 60,
      ...(asked && { will: { topic: "w/t", payload: Buffer.from("gone"), ...asked } }),
      ...(user !== undefined && { username: user }),
      ...(password !== undefined && { password: Buffer.from(password) }),
    })
    const parts = {
      will: asked && will("w/t", "gone", asked.qos, asked.retain),
      login: words.length ? login(...words) : undefined,
    }
    expect(toHex(connectPacket({ clientId: "mote-1", keepAliveS: 60, keepSession, ...parts }))).toBe(reference)
  })

  test("a will may have an empty message (clause 3.1.3.3)", () => {
    const bytes = connectPacket({ clientId: "c", keepAliveS: 0, will: will("w", "") })
    expect(toHex(bytes)).toBe("10 12 00 04 4d 51 54 54 04 06 00 00 00 01 63 00 01 77 00 00")
  })

  test("counts a keep-alive up to 65,535 s (clause 3.1.2.10)", () => {
    expect(toHex(connectPacket({ clientId: "", keepAliveS: 65535 }))).toBe("10 0c 00 04 4d 51 54 54 04 02 ff ff 00 00")
  })

  test("grows a second length byte with a long password", () => {
    fc.assert(
      fc.property(fc.integer({ min: 80, max: 300 }), (bytes) => {
        const password = "p".repeat(bytes)
        const reference = packetHex({
          cmd: "connect",
          protocolId: "MQTT",
          protocolVersion: 4,
          clientId: "c",
          clean: true,
          keepalive: 60,
          username: "u",
          password: Buffer.from(password),
        })
        expect(toHex(connectPacket({ clientId: "c", keepAliveS: 60, login: login("u", password) }))).toBe(reference)
      }),
    )
  })
})
