import { describe, expect, test } from "vitest"
import { DOWN_CLOSED_BY_PEER, DOWN_LINK_LOST, E_LOWER_QOS } from "../../src/mqtt/constants"
import { mqtt5 } from "../../src/mqtt/v5/mqtt5"
import { qos2 } from "../../src/mqtt/qos2"
import { toHex } from "../fakes/bytes"
import { Bench } from "./bench"
import { puback, pubcomp, publish, pubrec } from "./reference"

const TOLD = `trouble ${E_LOWER_QOS} t`
const CLOSED = `down ${DOWN_CLOSED_BY_PEER}`
/** Accepted, as a new session, no properties. */
const CONNACK5 = "\x20\x03\0\0\0"
const message = (dup: boolean, qos: 1 | 2 = 2, payload = "x", messageId = 1) =>
  toHex(publish({ topic: "t", payload, qos, messageId, dup }))

const make = (): Bench => new Bench({ acks: qos2, keepSession: true })

/** A client with one message at QoS 2, which went out on a first connection that the broker closed. */
function refusedOnce(): Bench {
  const bench = make().online()
  bench.mqtt.publish("t", "x", { qos: 2 })
  expect(bench.socket.sent()).toBe(message(false))
  bench.socket.closeByPeer()
  expect(bench.seen()).toEqual(["up", CLOSED])
  return bench
}

/** One more connection, which goes the same way. */
function refuse(bench: Bench): string[] {
  bench.online(true)
  expect(bench.socket.sent()).toBe(message(true))
  bench.socket.closeByPeer()
  return bench.seen()
}

describe("a broker that closes the connection at a QoS 2 message", () => {
  test("gets it at QoS 1 on the fourth connection, and onTrouble is told the topic", () => {
    const bench = refusedOnce()
    expect(refuse(bench)).toEqual(["up resumed", CLOSED])
    expect(refuse(bench)).toEqual(["up resumed", TOLD, CLOSED])
    bench.online(true)
    expect(bench.socket.sent()).toBe(message(true, 1))
    expect(bench.answer(puback(1))).toBe("")
    expect([bench.session.pending(), bench.seen()]).toEqual([0, ["up resumed"]])
  })

  test("gets at QoS 1 whatever is published at QoS 2 after that, prepared topics and retained ones too", () => {
    const bench = make()
    const prepared = bench.mqtt.topic("t", { qos: 2, retain: true })
    const long = "y".repeat(130)
    bench.online()
    bench.mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    bench.socket.closeByPeer()
    refuse(bench)
    refuse(bench)
    expect(bench.seen()).toEqual([])
    bench.online(true)
    bench.answer(puback(1))
    prepared.publish(long)
    expect(bench.socket.sent()).toBe(toHex(publish({ topic: "t", payload: long, qos: 1, messageId: 2, retain: true })))
    bench.mqtt.publish("t", "z", { qos: 1 })
    expect(bench.socket.sent()).toBe(message(false, 1, "z", 3))
    expect(bench.seen()).toEqual(["up resumed"])
  })

  test("is told of each message that waits for it, and those at QoS 1 stay as they are and in their place", () => {
    const bench = make().online()
    for (const qos of [2, 1, 2] as const) bench.mqtt.publish(`t${qos}`, "x", { qos })
    for (let times = 0; times < 3; times++) {
      bench.socket.sent()
      bench.socket.closeByPeer()
      const told = bench.seen().filter((event) => event.startsWith("trouble"))
      expect(told).toEqual(times < 2 ? [] : [`${TOLD}2`, `${TOLD}2`])
      bench.online()
    }
    const topics = ["t2", "t1", "t2"].map((topic, at) => publish({ topic, payload: "x", qos: 1, messageId: at + 1 }))
    expect(bench.socket.sent()).toBe(toHex(topics.join("")))
  })
})

describe("QoS 2 is kept", () => {
  test("for ever once the broker has answered a QoS 2 message, however often it closes", () => {
    const bench = make().online()
    bench.mqtt.publish("t", "known", { qos: 2 })
    bench.answer(pubrec(1))
    bench.answer(pubcomp(1))
    bench.mqtt.publish("t", "x", { qos: 2 })
    const id = 2
    for (let times = 0; times < 10; times++) {
      bench.socket.sent()
      bench.socket.closeByPeer()
      bench.online(true)
      expect(bench.socket.sent()).toBe(message(true, 2, "x", id))
    }
    expect(bench.events.join()).not.toContain("trouble")
  })

  test("when it is the link that breaks, or the broker closes before it accepts us", () => {
    const bench = refusedOnce()
    for (let times = 0; times < 5; times++) {
      bench.online(true)
      expect(bench.socket.sent()).toBe(message(true))
      bench.mqtt.drop(DOWN_LINK_LOST)
      bench.dial()
      bench.socket.closeByPeer()
    }
    expect(bench.events.join()).not.toContain("trouble")
    bench.online(true)
    expect(bench.socket.sent()).toBe(message(true))
  })

  test("in MQTT 5, where a broker without QoS 2 must say so [MQTT-3.2.2-9]", () => {
    const bench = new Bench({ acks: qos2, keepSession: true, five: mqtt5 })
    bench.mqtt.publish("t", "x", { qos: 2 })
    for (let times = 0; times < 5; times++) {
      bench.online(CONNACK5)
      expect(bench.socket.sent()).toBe(toHex("\x34\x07\0\x01t\0\x01\0x"))
      bench.socket.closeByPeer()
    }
    expect(bench.events.join()).not.toContain("trouble")
  })

  test("when connections close with nothing at QoS 2 under way", () => {
    const bench = make().online()
    for (let times = 0; times < 5; times++) {
      bench.socket.closeByPeer()
      bench.online(true)
    }
    bench.mqtt.publish("t", "x", { qos: 2 })
    expect(bench.socket.sent()).toBe(message(false))
  })
})

test("a QoS 2 message that the broker takes at QoS 1 is finished by its PUBACK, and onTrouble is told the topic each time", () => {
  const bench = make().online()
  for (const id of [1, 2]) {
    bench.mqtt.publish("t", "x", { qos: 2 })
    expect(bench.socket.sent()).toBe(message(false, 2, "x", id))
    expect(bench.answer(puback(id))).toBe("")
    expect(bench.session.pending()).toBe(0)
  }
  bench.mqtt.publish("t", "x", { qos: 1 })
  bench.socket.sent()
  bench.answer(puback(3))
  expect(bench.seen()).toEqual(["up", TOLD, TOLD])
})
