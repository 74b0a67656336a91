import { describe, expect, test } from "vitest"
import { TOPIC, clientOf, home, homeOnline, untilOnline } from "./home"
import type { Home } from "./home"

const only = "bulb"
const RED = '{"temperature":31,"humidity":100}'

async function lampFollows({ house, bulb }: Home): Promise<void> {
  house.broker.publish(TOPIC, '{"temperature":10,"humidity":100}')
  await house.advance("1s")
  expect(bulb.parts.lamp.swatch).toMatchObject({ red: 0, green: 0, blue: 255 })
}

/** Bytes a broker must not send to this client, with the clause of MQTT 3.1.1 that says so. */
const MALFORMED: [what: string, bytes: string][] = [
  ["a fifth length byte (2.2.3)", "\x30\xff\xff\xff\xff\x01"],
  ["packet type 0 (2.2.1)", "\x00\x00"],
  ["packet type 15 (2.2.1)", "\xf0\x00"],
  ["a second CONNACK (3.2)", "\x20\x02\x00\x00"],
  ["CONNECT from a broker (2.2.1)", "\x10\x02ab"],
  ["SUBSCRIBE from a broker (2.2.1)", "\x82\x06\x00\x01\x00\x01a\x00"],
  ["PINGREQ from a broker (2.2.1)", "\xc0\x00"],
  ["DISCONNECT from a broker (2.2.1)", "\xe0\x00"],
  ["PUBLISH at QoS 3 (3.3.1-4)", "\x36\x07\x00\x01a\x00\x01hi"],
  ["PUBLISH at QoS 2, never asked for (3.8.4-6)", "\x34\x07\x00\x01a\x00\x01hi"],
  ["PUBLISH with DUP at QoS 0 (3.3.1-2)", "\x38\x05\x00\x01ahi"],
  ["PUBLISH without a topic (4.7.3-1)", "\x30\x02\x00\x00"],
  ["PUBLISH whose topic is longer than the packet (3.3.2)", "\x30\x04\x00\x09ab"],
  ["PUBLISH to a wildcard (3.3.2-2)", "\x30\x0c\x00\x08sensor/+hi"],
  ["PUBLISH to a topic with NUL (1.5.3-2)", "\x30\x0c\x00\x08sensor/\x00hi"],
  ["PUBLISH at QoS 1 with packet id 0 (2.3.1-1)", "\x32\x0f\x00\x0bsensor/data\x00\x00"],
  ["PUBLISH of nothing (3.3.2)", "\x30\x00"],
  ["PUBLISH at QoS 1 without room for its id (3.3.2.2)", "\x32\x04\x00\x01a\x00"],
  ["PINGRESP with a body (3.13)", "\xd0\x01\x00"],
  ["PINGRESP with flags (2.2.2-2)", "\xd1\x00"],
  ["PUBACK of three bytes (3.4)", "\x40\x03\x00\x01\x00"],
  ["PUBACK of none (3.4)", "\x40\x00"],
  ["PUBACK with flags (2.2.2-2)", "\x41\x02\x00\x01"],
  ["SUBACK for nothing that was asked (3.9)", "\x90\x03\x12\x34\x00"],
  ["SUBACK without a code (3.9.3)", "\x90\x02\x00\x01"],
  ["UNSUBACK (3.11)", "\xb0\x02\x00\x01"],
  ["PUBREC (3.5)", "\x50\x02\x00\x01"],
]

describe("a malformed packet closes the connection with its reason, and the board comes back", () => {
  test.each(MALFORMED)("%s", async (_what, bytes) => {
    const h = await homeOnline({ only })
    h.house.broker.sendRaw(clientOf(h, only), bytes)
    await h.house.advance("50ms")
    expect(h.logs(only).at(-1)).toBe("mqtt: malformed packet")
    expect(h.house.linkOf(only)).toBe("wifi")
    await untilOnline(h, "5s")
    await lampFollows(h)
  })

  test("split at every byte, it is still the same packet", async () => {
    const h = await homeOnline({ only })
    h.house.network.tcp.segmentBytes = 1
    h.house.broker.sendRaw(clientOf(h, only), "\x30\xff\xff\xff\xff\x01")
    await h.house.advance("100ms")
    expect(h.logs(only).at(-1)).toBe("mqtt: malformed packet")
  })

  test("a good message in front of it counts, one behind it does not", async () => {
    const h = await homeOnline({ only })
    const good = `\x30\x2e\x00\x0b${TOPIC}${RED}`
    expect(good.length).toBe(2 + 0x2e)
    h.house.broker.sendRaw(clientOf(h, only), `${good}\xf0\x00\x30\x0f\x00\x0b${TOPIC}{}`)
    await h.house.advance("600ms")
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 255, green: 0, blue: 0 })
    expect(h.logs(only).filter((text) => text.startsWith("bulb"))).toEqual([])
  })

  test("a packet that never becomes whole ends as a dead link, within one keep-alive", async () => {
    const h = await homeOnline({ only })
    h.house.broker.sendRaw(clientOf(h, only), "\x30\x7f\x00\x0bsensor")
    await h.house.advance("61s")
    expect(h.logs(only)).toContain("mqtt: no PINGRESP")
    await untilOnline(h, "5s")
    await lampFollows(h)
  })

  test("packet after packet: no tight loop", async () => {
    const h = await home({ only })
    h.house.on((event) => {
      if (event.kind !== "mqtt" || event.action !== "subscribe") return
      h.house.clock.after(1000, () => h.house.broker.sendRaw(event.client, "\xf0\x00"))
    })
    await h.house.advance("1h")
    const opened = h.of("tcp").filter(({ state }) => state === "open")
    expect(opened.length).toBeGreaterThan(20)
    expect(opened.length).toBeLessThan(70)
  })
})

describe("a message larger than a packet may be", () => {
  test.each([1100, 5_000, 100_000])("%i bytes are acknowledged, reported and passed over", async (bytes) => {
    const h = await homeOnline({ only })
    h.house.broker.publish(TOPIC, RED)
    await h.house.advance("1s")
    h.house.broker.publish(TOPIC, "x".repeat(bytes), { qos: 1 })
    h.house.broker.publish("other/topic", "not for us")
    await h.house.advance("3s")
    expect(h.logs(only).slice(2)).toEqual([`mqtt: too big: ${TOPIC}`])
    expect(h.of("mqtt").filter(({ action }) => action === "ack")).toHaveLength(1)
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 255, green: 0, blue: 0 })
    expect(h.house.linkOf(only)).toBe("online")
    await lampFollows(h)
    const { used, total } = h.house.view().devices[0]!.memory
    expect(h.bulb.chip.interpreter!.memory.peak - used).toBeLessThan(total / 4)
  })

  test("the largest that fits is handed on, whatever pieces it comes in", async () => {
    const h = await homeOnline({ only })
    h.house.network.tcp.segmentBytes = 7
    h.house.broker.publish(TOPIC, `${" ".repeat(900)}${RED}`)
    await h.house.advance("3s")
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 255, green: 0, blue: 0 })
  })
})
