import { afterEach, describe, expect, test } from "vitest"
import { DOWN_BY_US, DOWN_CLOSED_BY_PEER, DOWN_MALFORMED, DOWN_NO_CONNACK } from "../../src/mqtt/constants"
import { login } from "../../src/mqtt/login"
import { hex, toHex } from "../fakes/bytes"
import { Bench, onlineBench, type BenchOptions } from "./bench"
import { connack, DISCONNECT, packetHex, publish, puback } from "./reference"

let bench: Bench
const make = (options?: BenchOptions) => (bench = new Bench(options))
const makeOnline = (options?: BenchOptions) => (bench = onlineBench(options))
afterEach(() => bench.network.finish())

describe("connecting", () => {
  test("sends CONNECT first and is online with an accepting CONNACK", () => {
    make({ clientId: "mote-1", keepAliveS: 60, login: login("u", "p") })
    const connect = packetHex({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clientId: "mote-1",
      clean: true,
      keepalive: 60,
      username: "u",
      password: Buffer.from("p"),
    })
    expect(bench.dial()).toBe(connect)
    expect([bench.mqtt.isOnline(), bench.seen()]).toEqual([false, []])
    bench.socket.give("20 02 00 00") // 3.2: accepted, no session
    expect([bench.mqtt.isOnline(), bench.seen()]).toEqual([true, ["up"]])
  })

  test("says so when the broker kept the session that was asked for", () => {
    expect(make({ keepSession: true }).online(true).seen()).toEqual(["up resumed"])
  })

  test("reports an unreachable broker as a return value, and no event", () => {
    make().network.refuse()
    expect(bench.mqtt.open("10.0.0.2", 1883)).toBeLessThan(0)
    bench.clock.advance(60_000)
    expect([bench.mqtt.isOnline(), bench.seen()]).toEqual([false, []])
  })

  test.each([1, 2, 3, 4, 5])("tells return code %d as the reason and hangs up (table 3.1)", (code) => {
    make().dial()
    bench.socket.giveBytes(connack(code))
    expect([bench.seen(), bench.mqtt.isOnline(), bench.socket.isEnded]).toEqual([[`down ${code}`], false, true])
  })

  test.each([
    ["a reserved return code (table 3.1)", "20 02 00 06"],
    ["reserved acknowledge flags (3.2.2.1)", "20 02 02 00"],
    ["a session nobody asked for", "20 02 01 00"],
    ["too short", "20 01 00"],
    ["too long", "20 03 00 00 00"],
    ["empty", "20 00"],
    ["reserved flag bits (2.2.2-2)", "21 02 00 00"],
    ["a fifth length byte (2.2.3)", "20 80 80 80 80 01"],
    ["a PUBLISH before it [3.2.0-1]", "30 04 00 01 61 62"],
    ["a PINGRESP before it [3.2.0-1]", "d0 00"],
    ["a SUBACK before it [3.2.0-1]", "90 03 00 01 00"],
    ["a PUBACK before it [3.2.0-1]", "40 02 00 01"],
  ])("gives up on a CONNACK that is wrong: %s", (_what, bytes) => {
    make().listen("a")
    bench.dial()
    bench.socket.give(bytes)
    expect([bench.seen(), bench.socket.isEnded]).toEqual([[`down ${DOWN_MALFORMED}`], true])
  })

  test("gives up on a second CONNACK", () => {
    makeOnline().socket.give("20 02 00 00")
    expect([bench.seen(), bench.socket.isEnded]).toEqual([[`down ${DOWN_MALFORMED}`], true])
  })

  test("waits 10 s for CONNACK and no longer", () => {
    make().dial()
    bench.clock.advance(9_999)
    expect(bench.seen()).toEqual([])
    bench.clock.advance(1)
    expect([bench.seen(), bench.socket.isEnded]).toEqual([[`down ${DOWN_NO_CONNACK}`], true])
  })

  test("tells when the broker hangs up, before and after CONNACK", () => {
    make().dial()
    bench.socket.closeByPeer()
    expect(bench.seen()).toEqual([`down ${DOWN_CLOSED_BY_PEER}`])
    bench.online().socket.closeByPeer()
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([["up", `down ${DOWN_CLOSED_BY_PEER}`], false])
  })

  test("forgets half a packet of the connection before", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    bench.socket.give("30 04 00 01")
    bench.socket.closeByPeer()
    bench.online().socket.sent()
    bench.socket.giveBytes(publish({ topic: "a", payload: "x" }))
    expect(bench.seen()).toEqual([`down ${DOWN_CLOSED_BY_PEER}`, "up", "a: a=x"])
  })
})

describe("leaving", () => {
  test("close says DISCONNECT, drop does not [3.14.4-3]", () => {
    makeOnline().mqtt.close()
    expect([bench.socket.sent(), bench.socket.isEnded, bench.seen()]).toEqual([
      DISCONNECT,
      true,
      [`down ${DOWN_BY_US}`],
    ])
    bench.online().mqtt.drop(99)
    expect([bench.socket.sent(), bench.socket.isEnded, bench.seen()]).toEqual(["", true, ["up", "down 99"]])
  })

  test("sends nothing behind DISCONNECT and no ping for a connection that is gone [3.14.4-2]", () => {
    makeOnline().mqtt.close()
    bench.socket.sent()
    const prepared = bench.mqtt.topic("t", { qos: 1 })
    expect([bench.mqtt.publish("t", "x"), prepared.publish("x")]).toEqual([-1, 1])
    bench.listen("a")
    bench.clock.advance(600_000)
    expect(bench.socket.sent()).toBe("")
  })

  test("close and drop may be called twice, and before any connection", () => {
    make().mqtt.close()
    bench.mqtt.drop(99)
    expect(bench.seen()).toEqual([])
    bench.online().mqtt.close()
    bench.mqtt.close()
    bench.mqtt.drop(99)
    expect([bench.socket.sent(), bench.seen()]).toEqual([DISCONNECT, ["up", `down ${DOWN_BY_US}`]])
  })

  test("close during CONNECT hangs up without DISCONNECT: the broker has not accepted yet", () => {
    make().dial()
    bench.mqtt.close()
    expect([bench.socket.sent(), bench.socket.isEnded]).toEqual(["", true])
  })

  test("a new open replaces the old connection", () => {
    makeOnline()
    const old = bench.socket
    bench.dial()
    expect([old.isEnded, bench.mqtt.isOnline()]).toEqual([true, false])
    bench.socket.giveBytes(connack())
    expect(bench.seen()).toEqual(["up"])
  })

  test("a close that the firmware had queued for the old connection does not end the new one", () => {
    makeOnline()
    const lateClose = bench.socket.queueClose()
    bench.online()
    bench.seen()
    lateClose()
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([[], true])
    bench.socket.closeByPeer()
    expect(bench.seen()).toEqual([`down ${DOWN_CLOSED_BY_PEER}`])
  })

  test("a message that was under way when the line broke is not lost", () => {
    makeOnline({ keepSession: true })
    bench.mqtt.publish("t", "x", { qos: 1 })
    const first = bench.socket.sent()
    bench.socket.closeByPeer()
    bench.online(true)
    expect(bench.socket.sent()).toBe(toHex(publish({ topic: "t", payload: "x", qos: 1, dup: true })))
    expect(first).toBe(toHex(hex("32 06 00 01 74 00 01 78")))
    bench.socket.giveBytes(puback(1))
    expect(bench.session.pending()).toBe(0)
  })
})
