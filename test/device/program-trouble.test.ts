import { beforeEach, describe, expect, test } from "vitest"
import { E_LOWER_QOS, E_TOO_BIG } from "../../src/mqtt/constants"
import { connack, publish, suback } from "../mqtt/reference"
import { Board, RECORD } from "./board"

let board: Board

beforeEach(() => (board = new Board()))

describe("a program that meets trouble", () => {
  test("says why a broker refused it, and tries again", () => {
    board.start(() => undefined)
    board.chip.clock.advance(0)
    board.network.allow()
    board.wifi.join()
    board.network.socket.sent()
    board.network.socket.giveBytes(connack(5))
    board.network.allow()
    board.chip.clock.advance(20_000)
    expect([board.warnings(), board.network.sockets.length]).toEqual([["warn mqtt: not authorised"], 2])
    board.network.socket.sent()
    board.network.finish()
  })

  test("names the broker that does not answer, and the one without an address", () => {
    board.start(() => undefined)
    board.chip.clock.advance(0)
    board.network.refuse()
    board.wifi.join()
    expect(board.warnings()).toEqual(["warn mqtt: no answer from 10.0.0.2"])
    board = new Board()
    board.start(() => undefined, {}, { ...RECORD, host: "broker.local" })
    board.chip.clock.advance(0)
    board.wifi.join()
    board.wifi.resolve(null)
    expect(board.warnings()).toEqual(["warn mqtt: no address for broker.local"])
  })

  test("drops the broker with the Wi-Fi link, and comes back with it", () => {
    board.start(() => undefined)
    board.goOnline()
    board.wifi.lose("200")
    expect([board.network.socket.isEnded, board.warnings()]).toEqual([true, ["warn wifi: 200", "warn mqtt: link lost"]])
    board.chip.clock.advance(1000)
    board.network.allow()
    board.wifi.join()
    expect(board.network.sockets).toHaveLength(2)
  })

  test("restarts in good order: acknowledged, DISCONNECT, reboot", () => {
    let restart = (_why: string): void => undefined
    board.start((context) => {
      restart = context.restart
      context.mqtt.publish("t", "last", { qos: 1 })
    })
    board.goOnline()
    board.network.socket.sent()
    restart("told to")
    board.chip.clock.advance(20_000)
    expect([board.network.socket.sent(), board.chip.reboots]).toEqual(["", 0])
    board.network.socket.giveBytes("\x40\x02\x00\x01")
    board.chip.clock.advance(10_000)
    expect([board.network.socket.sent(), board.chip.reboots]).toEqual(["e0 00", 1])
    board.network.finish()
  })

  test("reports a handler that throws, with where, and hears the next message", () => {
    board.start(({ mqtt }) =>
      mqtt.subscribe("a", (payload) => {
        throw new Error(`cannot bear ${payload}`)
      }),
    )
    board.goOnline()
    board.network.socket.sent()
    board.network.socket.giveBytes(publish({ topic: "a", payload: "1" }))
    board.network.socket.giveBytes(publish({ topic: "a", payload: "2" }))
    const [first, second] = board.warnings()
    expect(first).toMatch(/^warn mqtt: handler: Error: cannot bear 1\n +at /)
    expect(second).toContain("cannot bear 2")
  })

  test("tells a refused subscription and a message too large by their topics", () => {
    board.start(({ mqtt }) => mqtt.subscribe("a/#", () => undefined), { maxPacketBytes: 64 })
    board.goOnline()
    board.network.socket.sent()
    board.network.socket.giveBytes(suback(0, 128))
    board.network.socket.giveBytes(publish({ topic: "a/b", payload: "x".repeat(200) }))
    expect(board.warnings()).toEqual(["warn mqtt: refused: a/#", "warn mqtt: too big: a/b"])
  })

  test("says what is true of a code it has no words for, and hands each code to the program", () => {
    const told: [number, string][] = []
    board.start(({ mqtt }) => mqtt.subscribe("a/#", () => undefined, 1), {
      maxPacketBytes: 64,
      onTrouble: (code, about) => told.push([code, about]),
    })
    board.goOnline()
    board.network.socket.sent()
    board.network.socket.giveBytes(suback(0, 0))
    board.network.socket.giveBytes(publish({ topic: "a/b", payload: "x".repeat(200) }))
    expect(board.warnings()).toEqual(["warn mqtt: reason -5: a/#", "warn mqtt: too big: a/b"])
    expect(told).toEqual([
      [E_LOWER_QOS, "a/#"],
      [E_TOO_BIG, "a/b"],
    ])
  })

  test("stays away once it said goodbye for a restart", () => {
    let leave = (): void => undefined
    board.start(({ restart }) => (leave = () => restart("told to")))
    board.goOnline()
    leave()
    board.chip.clock.advance(3_600_000)
    expect([board.network.socket.sent(), board.network.sockets.length]).toEqual(["e0 00", 1])
    expect(board.chip.watchdogBites).toBe(0)
  })

  test("tells how many messages its queue had to drop, once", () => {
    board.start(
      ({ mqtt }) => {
        for (let i = 0; i < 5; i++) mqtt.publish("t", "x", { qos: 1 })
      },
      { maxQueued: 2 },
    )
    board.goOnline()
    board.network.socket.closeByPeer()
    board.network.allow()
    board.chip.clock.advance(3000)
    board.network.socket.giveBytes(connack())
    expect(board.chip.lines.filter((line) => line.includes("online"))).toEqual([
      "log mqtt: online, 3 dropped",
      "log mqtt: online",
    ])
  })
})
