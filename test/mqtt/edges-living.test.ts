import { afterEach, describe, expect, test } from "vitest"
import { DOWN_BY_US, DOWN_CLOSED_BY_PEER, DOWN_NO_PINGRESP, E_FULL, E_OFFLINE } from "../../src/mqtt/constants"
import { createMqtt } from "../../src/mqtt/client"
import { qos2 } from "../../src/mqtt/qos2"
import { createBackoff } from "../../src/net/backoff"
import { createSupervisor } from "../../src/net/supervisor"
import { toHex } from "../fakes/bytes"
import { FakeClock } from "../fakes/clock"
import { ScriptedNetwork } from "../fakes/network"
import { FakeWifi } from "../fakes/wifi"
import { onlineBench, type Bench, type BenchOptions } from "./bench"
import { connack, DISCONNECT, PINGREQ, PINGRESP, puback, publish, pubrec, pubrel, suback } from "./reference"

/** The edges of facts/mqtt.md, section 4, "Living and dying", for MQTT 3.1.1. */
let bench: Bench
const makeOnline = (options?: BenchOptions) => (bench = onlineBench({ acks: qos2, keepSession: true, ...options }))
afterEach(() => bench.network.finish())

const wire = (payload: string, qos: 0 | 1 | 2, messageId?: number, dup = false) =>
  toHex(publish({ topic: "t", payload, qos, dup, ...(messageId && { messageId }) }))

describe("edge 38: keep-alive [MQTT-3.1.2-23, -24], clause 3.1.2.10", () => {
  test.each([1, 5, 60])("of %d s: a PINGREQ goes out every half of it, so never later than it allows", (keepAliveS) => {
    makeOnline({ keepAliveS })
    for (let i = 0; i < 20; i++) {
      bench.clock.advance(keepAliveS * 500)
      expect(bench.answer(PINGRESP)).toBe(PINGREQ)
    }
    expect(bench.mqtt.isOnline()).toBe(true)
  })

  test.each([1, 5, 60])("of %d s: a steady stream either way does not suppress it", (keepAliveS) => {
    makeOnline({ keepAliveS }).listen("a")
    bench.socket.giveBytes(suback(0))
    bench.socket.sent()
    let pings = 0
    for (let i = 1; i <= 40; i++) {
      bench.clock.advance(keepAliveS * 50)
      bench.mqtt.publish("t", "x")
      const sent = bench.answer(publish({ topic: "a", payload: "y" }))
      expect(sent).toContain(wire("x", 0))
      if (sent.includes(PINGREQ)) {
        pings++
        bench.socket.giveBytes(PINGRESP)
      }
    }
    expect([pings, bench.mqtt.isOnline()]).toEqual([4, true])
  })

  test.each([1, 5, 60])("of %d s: a missing PINGRESP ends the link within it, however much arrives", (keepAliveS) => {
    makeOnline({ keepAliveS }).listen("a")
    bench.socket.sent()
    for (let i = 0; i < 20; i++) {
      expect(bench.mqtt.isOnline()).toBe(true)
      bench.socket.giveBytes(publish({ topic: "a", payload: "x" }))
      bench.seen()
      bench.clock.advance(keepAliveS * 50)
    }
    expect([bench.seen(), bench.socket.isEnded, bench.socket.sent()]).toEqual([
      [`down ${DOWN_NO_PINGRESP}`],
      true,
      PINGREQ,
    ])
  })
})

describe("edge 39: time", () => {
  test("milliseconds may pass 2 to the 31st and 32nd while connected", () => {
    for (const edge of [2 ** 31, 2 ** 32]) {
      makeOnline()
      bench.clock.block(edge - 45_000 - bench.clock.nowMs())
      bench.clock.advance(0)
      // A ping that was late by all this time, and from then on one every half minute.
      expect(bench.answer(PINGRESP)).toBe(PINGREQ)
      for (let i = 0; i < 4; i++) {
        bench.clock.advance(30_000)
        expect(bench.answer(PINGRESP)).toBe(PINGREQ)
      }
      expect([bench.clock.nowMs() > edge, bench.seen()]).toEqual([true, []])
    }
  })

  test("after a sleep longer than the keep-alive a live broker goes on, and one that gave up is noticed by its silence", () => {
    makeOnline()
    bench.clock.block(3_600_000)
    bench.clock.advance(0)
    expect(bench.answer(PINGRESP)).toBe(PINGREQ)
    expect(bench.seen()).toEqual([])
    bench.clock.block(3_600_000)
    bench.clock.advance(0)
    expect(bench.socket.sent()).toBe(PINGREQ)
    bench.clock.advance(30_000)
    expect(bench.seen()).toEqual([`down ${DOWN_NO_PINGRESP}`])
  })

  test("after a sleep in which the broker hung up, what was accepted is kept", () => {
    makeOnline().mqtt.publish("t", "x", { qos: 2 })
    bench.socket.sent()
    bench.clock.block(3_600_000)
    bench.socket.closeByPeer()
    bench.online(true)
    expect([bench.seen(), bench.socket.sent()]).toEqual([["down 6", "up resumed"], wire("x", 2, 1, true)])
  })
})

/** A client and what brings it back, on a network where every dial is taken; Wi-Fi is up. */
function supervised() {
  const network = new ScriptedNetwork()
  const clock = new FakeClock()
  const dialledMs: number[] = []
  const mqtt = createMqtt(
    {
      connect(address) {
        dialledMs.push(clock.nowMs())
        network.allow()
        return network.connect(address)
      },
    },
    clock,
    {
      onUp: () => supervisor.onClientUp(),
      onDown: (reason) => supervisor.onClientDown(reason),
      onTrouble: () => undefined,
    },
    { clientId: "c", keepAliveS: 0, maxPacketBytes: 256, maxUnsentBytes: 100, maxSubscriptions: 1 },
  )
  // Random numbers that make every wait the shortest: the worst case for a broker.
  const backoff = createBackoff(() => 0, 1000)
  const address = { host: "10.0.0.2", port: 1883 }
  const nothing = () => undefined
  const supervisor = createSupervisor(mqtt, new FakeWifi(), clock, backoff, address, nothing, nothing)
  supervisor.onWifiUp()
  const waits = () => dialledMs.slice(1).map((atMs, i) => atMs - dialledMs[i]!)
  return { network, clock, dialledMs, waits }
}

describe("edge 40: a broker that ends connections sees no tight loop; backoff starts again after a stable period only", () => {
  test.each([
    ["accepted, then closed", connack()],
    ["refused as unavailable", connack(3)],
    ["refused as not authorised", connack(5)],
    ["closed before CONNACK", ""],
    ["answered with nonsense", "\xf0\x00"],
  ])("%s, for an hour", (_what, answer) => {
    const { network, clock, waits } = supervised()
    while (clock.nowMs() < 3_600_000) {
      const { socket } = network
      if (!socket.isEnded && answer) socket.giveBytes(answer)
      if (!socket.isEnded) socket.closeByPeer()
      clock.advance(250)
    }
    const all = waits()
    expect(all[0]).toBeGreaterThanOrEqual(250)
    // Each at least as long as the one before, up to half a minute at least: so a few dozen in an hour.
    for (let i = 1; i < all.length; i++) expect(all[i]! + 250).toBeGreaterThanOrEqual(all[i - 1]!)
    expect(all.at(-1)).toBeGreaterThanOrEqual(30_000)
    expect(all.length).toBeLessThan(140)
  })

  test("a connection of 59 s counts as none, one of 60 s as good", () => {
    const { network, clock, waits } = supervised()
    const live = (ms: number) => {
      network.socket.giveBytes(connack())
      clock.advance(ms)
      network.socket.closeByPeer()
      const dials = network.sockets.length
      while (network.sockets.length === dials) clock.advance(50)
      return waits().at(-1)! - ms
    }
    const short = [1, 2, 3, 4, 5].map(() => live(59_000))
    expect(short.at(-1)).toBeGreaterThanOrEqual(short[0]! * 16)
    expect(live(60_000)).toBeLessThanOrEqual(short[0]! + 50)
  })
})

describe("edge 41: nothing after DISCONNECT [MQTT-3.14.4-1, -2]", () => {
  test("whatever the program does, whatever arrives, however long it takes", () => {
    makeOnline({ slots: 8 }).listen("a", 2)
    const prepared = [0, 1, 2].map((qos) => bench.mqtt.topic("t", { qos: qos as 0 | 1 | 2 }))
    bench.mqtt.publish("t", "before", { qos: 2 })
    bench.socket.sent()
    bench.mqtt.close()
    expect(bench.socket.sent()).toBe(DISCONNECT)
    expect(prepared.map((topic) => topic.publish("x"))).toEqual([E_OFFLINE, 1, 1])
    expect(bench.mqtt.publish("t", "x")).toBe(E_OFFLINE)
    bench.listen("b")
    bench.unsubscribe("a")
    // Firmware may still deliver what had arrived.
    bench.socket.isEnded = false
    bench.socket.giveBytes(publish({ topic: "a", payload: "x", qos: 2, messageId: 1 }) + pubrec(1) + PINGRESP)
    bench.socket.closeByPeer()
    bench.clock.advance(3_600_000)
    expect([bench.socket.sent(), bench.seen()]).toEqual(["", [`down ${DOWN_BY_US}`]])
  })

  test("close in a handler: the acknowledgement went out before, nothing goes out behind", () => {
    makeOnline().mqtt.subscribe("bye", () => bench.mqtt.close(), 2)
    bench.socket.sent()
    const chunk = publish({ topic: "bye", payload: "", qos: 2, messageId: 3 }) + pubrel(3) + pubrec(1)
    expect(bench.answer(chunk)).toBe(`50 02 00 03 ${DISCONNECT}`)
  })
})

describe("edge 44: partial writes, write after close, a full queue that still acknowledges", () => {
  test("a write that leaves in parts is whole on the wire, and what follows waits behind it in order", () => {
    makeOnline({ maxUnsentBytes: 1000, slots: 8 }).socket.stall()
    const payloads = ["one", "two", "three", "four"]
    for (const payload of payloads) expect(bench.mqtt.publish("t", payload, { qos: 2 })).toBe(1)
    let sent = ""
    while (bench.socket.dSnd && bench.socket.dSnd.length > 1) {
      bench.socket.leave(1)
      sent += ` ${bench.socket.sent()}`
    }
    bench.socket.drain()
    sent += ` ${bench.socket.sent()}`
    expect(sent.trim()).toBe(payloads.map((payload, i) => wire(payload, 2, i + 1)).join(" "))
  })

  test("the link breaks in the middle of a packet: it goes out again whole, as a resend", () => {
    makeOnline().socket.stall()
    bench.mqtt.publish("t", "broken", { qos: 2 })
    bench.socket.leave(5)
    bench.socket.sent()
    bench.socket.closeByPeer()
    bench.online(true)
    expect(bench.socket.sent()).toBe(wire("broken", 2, 1, true))
  })

  test("nothing is written to a socket that was closed or given up", () => {
    // The scripted socket fails on a write after end: every path below would show it.
    makeOnline({ slots: 8 }).listen("a", 2)
    bench.socket.sent()
    for (const end of [() => bench.socket.closeByPeer(), () => bench.mqtt.drop(99), () => bench.mqtt.close()]) {
      end()
      bench.mqtt.publish("t", "x")
      bench.mqtt.publish("t", "x", { qos: 1 })
      bench.clock.advance(100_000)
      bench.socket.sent()
      bench.online(true)
      bench.socket.sent()
    }
    expect(bench.seen().filter((event) => event.startsWith("down"))).toEqual([
      `down ${DOWN_CLOSED_BY_PEER}`,
      "down 99",
      `down ${DOWN_BY_US}`,
    ])
  })

  test("with every slot taken and the socket far behind, acknowledgements go out all the same", () => {
    makeOnline({ slots: 2, maxUnsentBytes: 10 }).listen("a", 2)
    bench.socket.giveBytes(suback(0, 2))
    bench.socket.sent()
    bench.socket.stall()
    for (const payload of ["a", "b"]) expect(bench.mqtt.publish("t", payload, { qos: 2 })).toBe(1)
    expect(bench.mqtt.publish("t", "c", { qos: 1 })).toBe(E_FULL)
    for (let i = 0; i < 5; i++) bench.mqtt.publish("t", "0123456789")
    expect(bench.mqtt.publish("t", "0123456789")).toBe(E_FULL)
    const before = bench.socket.dSnd!.length
    bench.socket.giveBytes(
      publish({ topic: "a", payload: "1", qos: 1, messageId: 21 }) +
        publish({ topic: "a", payload: "2", qos: 2, messageId: 22 }) +
        pubrel(22) +
        pubrec(1),
    )
    expect(toHex(bench.socket.dSnd!.slice(before))).toBe("40 02 00 15 50 02 00 16 70 02 00 16 62 02 00 01")
    expect(bench.seen()).toEqual(["a: a=1", "a: a=2"])
    bench.socket.drain()
    bench.socket.sent()
  })

  test("keep-alive pings go out behind a full socket, and their absence still ends the link", () => {
    makeOnline({ maxUnsentBytes: 10 }).socket.stall()
    for (let i = 0; i < 5; i++) bench.mqtt.publish("t", "0123456789")
    bench.clock.advance(30_000)
    expect(toHex(bench.socket.dSnd!).endsWith(PINGREQ)).toBe(true)
    bench.clock.advance(30_000)
    expect(bench.seen()).toEqual([`down ${DOWN_NO_PINGRESP}`])
  })

  test("what waits goes on with each acknowledgement that makes room, and with the drain", () => {
    makeOnline({ slots: 6, maxUnsentBytes: 20 }).socket.stall()
    for (const payload of ["a", "b", "c", "d", "e", "f"]) bench.mqtt.publish("t", payload, { qos: 1 })
    expect(bench.socket.dSnd).toHaveLength(8)
    bench.socket.drain()
    expect(bench.socket.sent()).toBe(
      ["a", "b", "c", "d", "e", "f"].map((payload, i) => wire(payload, 1, i + 1)).join(" "),
    )
    for (let i = 1; i <= 6; i++) bench.socket.giveBytes(puback(i))
    expect(bench.session.pending()).toBe(0)
  })
})
