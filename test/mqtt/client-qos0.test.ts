import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createMqtt } from "../../src/mqtt/client"
import { DOWN_MALFORMED, E_FULL, E_TOO_BIG } from "../../src/mqtt/constants"
import type { MqttClient } from "../../src/mqtt/contract"
import { FakeClock } from "../fakes/clock"
import { ScriptedNetwork, type ScriptedSocket } from "../fakes/network"
import { toHex } from "../fakes/bytes"
import { connack, DISCONNECT, packet, PINGREQ, PINGRESP, puback, publish, pubrel, requestId, suback } from "./reference"

/** A client without a session: QoS 0 both ways, and nothing that an acknowledgement could belong to. */
let network: ScriptedNetwork
let clock: FakeClock
let events: string[]
let mqtt: MqttClient
const socket = (): ScriptedSocket => network.socket
const seen = () => events.splice(0)

beforeEach(() => {
  network = new ScriptedNetwork()
  clock = new FakeClock()
  events = []
  mqtt = createMqtt(
    network,
    clock,
    {
      onUp: (isResumed) => void events.push(isResumed ? "up resumed" : "up"),
      onDown: (reason) => void events.push(`down ${reason}`),
      onTrouble: (code, about) => void events.push(`trouble ${code} ${about}`),
    },
    { clientId: "c", keepAliveS: 60, maxPacketBytes: 256, maxUnsentBytes: 20, maxSubscriptions: 2 },
  )
  online()
  seen()
})
afterEach(() => network.finish())

function online(): void {
  network.allow()
  mqtt.open("10.0.0.2", 1883)
  socket().sent()
  socket().giveBytes(connack())
}

const listen = (filter: string) => mqtt.subscribe(filter, (payload, topic) => void events.push(`${topic}=${payload}`))

describe("a client without a session", () => {
  test("publishes at QoS 0, and throws where more is asked for: that is a bug in the program", () => {
    expect([mqtt.publish("t", "x"), mqtt.topic("t", { retain: true }).publish("y")]).toEqual([0, 0])
    expect(socket().sent()).toBe(
      toHex(publish({ topic: "t", payload: "x" }) + publish({ topic: "t", payload: "y", retain: true })),
    )
    for (const qos of [1, 2] as const) {
      expect(() => mqtt.publish("t", "x", { qos })).toThrow("topic or QoS: t")
      expect(() => mqtt.topic("t", { qos })).toThrow("topic or QoS: t")
      expect(() => mqtt.subscribe("t", () => undefined, qos)).toThrow("topic or QoS: t")
    }
  })

  test("refuses what is too large, and what the socket does not take", () => {
    expect(mqtt.publish("t", "x".repeat(254))).toBe(E_TOO_BIG)
    socket().stall()
    expect([1, 2, 3].map(() => mqtt.publish("t", "x".repeat(20)))).toEqual([0, E_FULL, E_FULL])
    socket().drain()
    socket().sent()
  })

  test.each([["a"], ["+"]])("hears %s at QoS 0, whole and in pieces", (filter) => {
    listen(filter)
    expect(socket().sent()).toBe(
      toHex(packet({ cmd: "subscribe", messageId: requestId(0), subscriptions: [{ topic: filter, qos: 0 }] })),
    )
    const message = publish({ topic: "a", payload: "x" })
    socket().giveBytes(suback(0) + message)
    socket().giveBytes(message)
    for (const byte of message) socket().giveBytes(byte)
    expect(seen()).toEqual(["a=x", "a=x", "a=x"])
  })

  test.each([
    ["a message at QoS 1", publish({ topic: "a", payload: "x", qos: 1, messageId: 1 })],
    ["a message at QoS 2", publish({ topic: "a", payload: "x", qos: 2, messageId: 1 })],
    ["PUBACK", puback(1)],
    ["PUBREL", pubrel(1)],
  ])("ends the connection at %s, which nobody asked for", (_what, bytes) => {
    listen("a")
    socket().sent()
    socket().giveBytes(bytes)
    expect([seen(), socket().sent()]).toEqual([[`down ${DOWN_MALFORMED}`], ""])
  })

  test("subscribes again with each connection, pings, and says goodbye", () => {
    listen("a")
    socket().giveBytes(suback(0))
    socket().sent()
    socket().closeByPeer()
    online()
    expect(socket().sent().slice(0, 14)).toBe("82 06 7f 00 00")
    clock.advance(30_000)
    expect(socket().sent()).toBe(PINGREQ)
    socket().giveBytes(PINGRESP)
    mqtt.close()
    expect([socket().sent(), seen()]).toEqual([DISCONNECT, ["down 6", "up", "down 11"]])
  })
})
