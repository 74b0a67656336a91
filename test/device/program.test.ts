import { beforeEach, describe, expect, test } from "vitest"
import type { Kind } from "../../src/device/declaration"
import { program, type Context, type ProgramOptions } from "../../src/device/program"
import { encodeSettings } from "../../src/device/settings"
import type { SettingsRecord } from "../../src/device/settings-schema"
import { crc32 } from "../../src/util/crc32"
import { toHex } from "../fakes/bytes"
import { FakeChip } from "../fakes/chip"
import { ScriptedNetwork } from "../fakes/network"
import { FakeStorage } from "../fakes/storage"
import { FakeWifi } from "../fakes/wifi"
import { connack, packetHex, publish } from "../mqtt/reference"

/** What a pin's kind is in a bundle: the function that opens it. */
const led = ((pin: number) => `led on ${pin}`) as unknown as Kind<string>
const plain = undefined as unknown as Kind<number>
const declaration = { led, interval: plain }

const RECORD: SettingsRecord = {
  id: "node",
  ssid: "net",
  pass: "pw",
  host: "10.0.0.2",
  port: 1883,
  s: { led: 5, interval: 2000, unknown: 1 },
}

let chip: FakeChip
let network: ScriptedNetwork
let storage: FakeStorage
let wifi: FakeWifi

beforeEach(() => {
  chip = new FakeChip()
  network = new ScriptedNetwork()
  storage = new FakeStorage()
  wifi = new FakeWifi()
})

function start(setup: (context: Context<typeof declaration>) => void, options?: ProgramOptions, record = RECORD): void {
  storage.write("mw.a", encodeSettings(record, 1, crc32))
  program(declaration, setup, options)({ chip, network, storage, wifi })
}

/** From the start to an accepted connection; returns the CONNECT. */
function goOnline(): string {
  chip.clock.advance(0)
  network.allow()
  wifi.join()
  const connect = network.socket.sent()
  network.socket.giveBytes(connack())
  return connect
}

describe("a program without settings", () => {
  test("says what to do, and does nothing else", () => {
    let isSetUp = false
    program({}, () => (isSetUp = true))({ chip, network, storage, wifi })
    chip.clock.advance(600_000)
    expect(chip.lines).toEqual(["warn no settings: run motewire flash"])
    expect([isSetUp, wifi.attempts, chip.timerCount(), chip.watchdogBites]).toEqual([false, [], 0, 0])
  })
})

describe("a program with settings", () => {
  test("gets pins opened and other values as they are, under the declared names only", () => {
    let seen: object = {}
    start(({ settings }) => (seen = settings))
    expect(seen).toEqual({ led: "led on 5", interval: 2000 })
  })

  test("seeds the random numbers from the chip's own address before anything draws one", () => {
    start(() => expect(chip.seeds).toHaveLength(1))
    const [seed] = chip.seeds
    expect([seed! & 0xffff, seed! >>> 16]).not.toContain(0)
  })

  test("joins Wi-Fi, then the broker, under a client id of its own", () => {
    start(() => undefined)
    const connect = goOnline()
    expect(wifi.attempts).toEqual(["net/pw"])
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
    expect(chip.lines).toEqual(["log wifi: connected", "log mqtt: online"])
  })

  test("hands its options to the protocol", () => {
    const options = { keepAliveS: 10, keepSession: true, will: { topic: "w", payload: "gone", qos: 1 as const } }
    start(() => undefined, options, { ...RECORD, user: "u", pw: "p" })
    const will = { topic: "w", payload: Buffer.from("gone"), qos: 1 as const, retain: false }
    expect(goOnline()).toBe(
      packetHex({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clientId: "node-a1b2c3",
        clean: false,
        keepalive: 10,
        will,
        username: "u",
        password: Buffer.from("p"),
      }),
    )
  })

  test("runs `every` after setup and from then on, on one timer, and publishes what it is told", () => {
    const order: string[] = []
    start(({ every, mqtt, settings }) => {
      every(settings.interval, () => {
        order.push("turn")
        mqtt.publish("t", "x")
      })
      order.push("set up")
    })
    goOnline()
    expect(order).toEqual(["set up", "turn"])
    chip.clock.advance(2000)
    expect([network.socket.sent(), chip.timerCount()]).toEqual([toHex(publish({ topic: "t", payload: "x" })), 1])
  })

  test("hears what it subscribed to", () => {
    const heard: string[] = []
    start(({ mqtt }) => mqtt.subscribe("a", (payload) => heard.push(payload)))
    goOnline()
    network.socket.sent()
    network.socket.giveBytes(publish({ topic: "a", payload: "hi" }))
    expect(heard).toEqual(["hi"])
  })

  test("lives on when its own code throws", () => {
    start(({ every }) =>
      every(500, () => {
        throw new Error("bug")
      }),
    )
    goOnline()
    for (let i = 0; i < 6; i++) {
      chip.clock.advance(30_000)
      network.socket.giveBytes("\xd0\x00")
    }
    expect(chip.uncaught.length).toBeGreaterThan(50)
    expect([chip.watchdogBites, network.sockets.length]).toEqual([0, 1])
    expect(network.socket.sent()).toMatch(/^(c0 00 ?)+$/)
  })
})

describe("a program that meets trouble", () => {
  const warnings = () => chip.lines.filter((line) => line.startsWith("warn"))

  test("says why a broker refused it, and tries again", () => {
    start(() => undefined)
    chip.clock.advance(0)
    network.allow()
    wifi.join()
    network.socket.sent()
    network.socket.giveBytes(connack(5))
    network.allow()
    chip.clock.advance(1000)
    expect([warnings(), network.sockets.length]).toEqual([["warn mqtt: not authorised"], 2])
    network.socket.sent()
    network.finish()
  })

  test("names the broker that does not answer, and the one without an address", () => {
    start(() => undefined)
    chip.clock.advance(0)
    network.refuse()
    wifi.join()
    expect(warnings()).toEqual(["warn mqtt: no answer from 10.0.0.2"])
    beforeAgain()
    start(() => undefined, {}, { ...RECORD, host: "broker.local" })
    chip.clock.advance(0)
    wifi.join()
    wifi.resolve(null)
    expect(warnings()).toEqual(["warn mqtt: no address for broker.local"])
  })

  function beforeAgain(): void {
    chip = new FakeChip()
    storage = new FakeStorage()
    wifi = new FakeWifi()
  }

  test("drops the broker with the Wi-Fi link, and comes back with it", () => {
    start(() => undefined)
    goOnline()
    wifi.lose("200")
    expect([network.socket.isEnded, warnings()]).toEqual([true, ["warn wifi: 200", "warn mqtt: link lost"]])
    chip.clock.advance(1000)
    network.allow()
    wifi.join()
    expect(network.sockets).toHaveLength(2)
  })

  test("restarts in good order: acknowledged, DISCONNECT, reboot", () => {
    let restart = (_why: string): void => undefined
    start((context) => {
      restart = context.restart
      context.mqtt.publish("t", "last", { qos: 1 })
    })
    goOnline()
    network.socket.sent()
    restart("told to")
    chip.clock.advance(20_000)
    expect([network.socket.sent(), chip.reboots]).toEqual(["", 0])
    network.socket.giveBytes("\x40\x02\x00\x01")
    chip.clock.advance(10_000)
    expect([network.socket.sent(), chip.reboots]).toEqual(["e0 00", 1])
    network.finish()
  })

  test("tells how many messages its queue had to drop, once", () => {
    start(
      ({ mqtt }) => {
        for (let i = 0; i < 5; i++) mqtt.publish("t", "x", { qos: 1 })
      },
      { maxQueued: 2 },
    )
    goOnline()
    network.socket.closeByPeer()
    network.allow()
    chip.clock.advance(1000)
    network.socket.giveBytes(connack())
    expect(chip.lines.filter((line) => line.includes("online"))).toEqual([
      "log mqtt: online, 3 messages dropped",
      "log mqtt: online",
    ])
  })
})
