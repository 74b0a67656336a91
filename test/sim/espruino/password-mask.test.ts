import mqtt from "mqtt-packet"
import { describe, expect, test } from "vitest"
import { PasswordMask } from "../../../sim/espruino/password-mask"

const PASSWORD = "open-sesame"
const will = { topic: "w", payload: Buffer.from("open-sesame"), qos: 1 as const, retain: false }

/** Made by another implementation than ours. */
function connect(fields: object): string {
  const packet = {
    cmd: "connect" as const,
    protocolId: "MQTT" as const,
    clean: true,
    clientId: "c",
    keepalive: 60,
    ...fields,
  }
  return mqtt.generate(packet as mqtt.IConnectPacket).toString("latin1")
}

/** As a socket sends it: the first `count` bytes, then as many of what is left. */
function sent(bytes: string, count: number): string {
  const mask = new PasswordMask()
  let seen = ""
  for (let from = 0; from < bytes.length; from += count) seen += mask.masked(bytes.slice(from), count)
  return seen
}

const login = { username: "open-sesame", password: Buffer.from(PASSWORD) }

describe("the password of a CONNECT", () => {
  test.each([
    ["3.1.1", connect({ protocolVersion: 4, ...login })],
    ["3.1.1 with a will", connect({ protocolVersion: 4, ...login, will })],
    [
      "5.0",
      connect({
        protocolVersion: 5,
        ...login,
        properties: { sessionExpiryInterval: 300, userProperties: { a: "x".repeat(150) } },
      }),
    ],
    [
      "5.0 with a will",
      connect({ protocolVersion: 5, ...login, will: { ...will, properties: { willDelayInterval: 3 } } }),
    ],
    ["3.1.1 in a WebSocket frame", `\x82\x9e\0\0\0\0${connect({ protocolVersion: 4, ...login })}`],
  ])("of %s is asterisks, and nothing else is, in pieces of any size", (_, bytes) => {
    const at = bytes.lastIndexOf(PASSWORD)
    const hidden = bytes.slice(0, at) + "*".repeat(PASSWORD.length) + bytes.slice(at + PASSWORD.length)
    for (let count = 1; count <= bytes.length; count++) expect(sent(bytes, count)).toBe(hidden)
  })

  test("is hidden in what is sent behind it, too, and only there", () => {
    const packets = connect({ protocolVersion: 4, ...login }) + "\x30\x10\0\x03a/bopen-sesame"
    expect(sent(packets, 536).endsWith("a/bopen-sesame")).toBe(true)
  })

  test("is not looked for where there is none", () => {
    const bytes = connect({ protocolVersion: 4, username: "somebody" })
    expect(sent(bytes, 7)).toBe(bytes)
    expect(sent("GET / HTTP/1.1\r\n\r\n", 5)).toBe("GET / HTTP/1.1\r\n\r\n")
  })
})
