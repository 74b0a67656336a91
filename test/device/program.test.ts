import { beforeEach, describe, expect, test } from "vitest"
import type { Clock } from "../../src/hal/clock"
import type { Platform } from "../../src/hal/platform"
import { mqtt5 } from "../../src/mqtt/v5/mqtt5"
import { program } from "../../src/device/program"
import { will } from "../../src/mqtt/will"
import { toHex } from "../fakes/bytes"
import { packetHex, publish } from "../mqtt/reference"
import { Board, RECORD } from "./board"

let board: Board

beforeEach(() => (board = new Board()))

describe("a program without settings", () => {
  test("says what to do, and does nothing else", () => {
    let isSetUp = false
    program({}, () => (isSetUp = true))(board)
    board.chip.clock.advance(600_000)
    expect(board.chip.lines).toEqual(["warn no settings in Storage"])
    expect([isSetUp, board.wifi.attempts, board.chip.timerCount(), board.chip.watchdogBites]).toEqual([false, [], 0, 0])
  })
})

describe("a program with settings", () => {
  test("gets pins opened and other values as they are, under the declared names only", () => {
    let seen: object = {}
    board.start(({ settings }) => (seen = settings))
    expect(seen).toEqual({ led: "led on 5", interval: 2000 })
  })

  test("seeds the random numbers from the chip's own address before anything draws one", () => {
    board.start(() => expect(board.chip.seeds).toHaveLength(1))
    const [seed] = board.chip.seeds
    expect([seed! & 0xffff, seed! >>> 16]).not.toContain(0)
  })

  test("joins Wi-Fi, then the broker, under a client id of its own", () => {
    board.start(() => undefined)
    const connect = board.goOnline()
    expect(board.wifi.attempts).toEqual(["net/pw"])
    expect(connect).toBe(
      packetHex({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clientId: "node-a1b2c3",
        clean: true,
        keepalive: 60,
      }),
    )
    expect(board.chip.lines).toEqual(["log wifi: connected", "log mqtt: online"])
  })

  test("hands its options to the protocol", () => {
    const options = {
      keepAliveS: 10,
      keepSession: true,
      will: (id: string) => will(`w/${id}`, "gone", 1),
    }
    board.start(() => undefined, options, { ...RECORD, user: "u", pw: "p" })
    const expected = { topic: "w/node-a1b2c3", payload: Buffer.from("gone"), qos: 1 as const, retain: false }
    expect(board.goOnline()).toBe(
      packetHex({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clientId: "node-a1b2c3",
        clean: false,
        keepalive: 10,
        will: expected,
        username: "u",
        password: Buffer.from("p"),
      }),
    )
  })

  test("gives the protocol its clock, the login of the settings, and the platform", () => {
    const given: unknown[] = []
    const protocol = (clock: Clock, { user, pw }: { user?: string; pw?: string }, { chip }: Platform) => {
      given.push(user, pw, chip === board.chip)
      return mqtt5(clock)
    }
    board.start(() => undefined, { protocol }, { ...RECORD, user: "u", pw: "p" })
    board.chip.clock.advance(0)
    board.network.allow()
    board.wifi.join()
    expect(board.network.socket.sent()).toContain("4d 51 54 54 05")
    expect(given).toEqual(["u", "p", true])
  })

  test("runs `every` after setup and from then on, on one timer, and publishes what it is told", () => {
    const order: string[] = []
    board.start(({ every, mqtt, settings }) => {
      every(settings.interval, () => {
        order.push("turn")
        mqtt.publish("t", "x")
      })
      order.push("set up")
    })
    board.goOnline()
    expect(order).toEqual(["set up", "turn"])
    board.chip.clock.advance(2000)
    expect([board.network.socket.sent(), board.chip.timerCount()]).toEqual([
      toHex(publish({ topic: "t", payload: "x" })),
      1,
    ])
  })

  test("hears what it subscribed to", () => {
    const heard: string[] = []
    board.start(({ mqtt }) => mqtt.subscribe("a", (payload) => heard.push(payload)))
    board.goOnline()
    board.network.socket.sent()
    board.network.socket.giveBytes(publish({ topic: "a", payload: "hi" }))
    expect(heard).toEqual(["hi"])
  })

  test("lives on when its own code throws", () => {
    board.start(({ every }) =>
      every(500, () => {
        throw new Error("bug")
      }),
    )
    board.chip.clock.advance(2000)
    board.goOnline()
    for (let i = 0; i < 6; i++) {
      board.chip.clock.advance(30_000)
      board.network.socket.giveBytes("\xd0\x00")
    }
    expect(board.chip.uncaught.length).toBeGreaterThan(50)
    expect([board.chip.watchdogBites, board.network.sockets.length]).toEqual([0, 1])
    expect(board.network.socket.sent()).toMatch(/^(c0 00 ?)+$/)
  })
})
