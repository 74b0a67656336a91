import { execFileSync, spawn, spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { stripVTControlCharacters } from "node:util"
import { beforeAll, describe, expect, test } from "vitest"
import { AedesBroker } from "../brokers/aedes"
import { Witness } from "../brokers/witness"
import { eventually } from "../vm/eventually"

const ROOT = process.cwd()
/** A user's folder: the packed package, and the one package that `motewire/mqtt` needs, linked instead of downloaded. */
const USER = mkdtempSync(path.join(tmpdir(), "motewire-user-"))
const INSTALLED = path.join(USER, "node_modules/motewire")

function link(name: string): void {
  const place = path.join(USER, "node_modules", name)
  mkdirSync(path.dirname(place), { recursive: true })
  if (!existsSync(place)) symlinkSync(path.join(ROOT, "node_modules", name), place, "junction")
}

function run(command: string, args: string[], cwd: string): string {
  // npm is a script on Windows. What fails shows its output, which is where compilers put their findings.
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe", shell: process.platform === "win32" })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`)
  }
}

/** The names that a consumer imports, and what a mistake of theirs must not compile to. */
const CONSUMER = `
import { connect, createMqtt, createSession, hostClock, login, mqtt5, qos1, qos2, REFUSE, tcp, tls, webSocket, will, will5 } from "motewire/mqtt"
import { explain, isRetained, keepInMemory, requester, slices, toText, unsubscribe, userProperty } from "motewire/mqtt"
import type { Clock, Connection, ConnectOptions, Network, Persistence, Session, Socket, TlsOptions } from "motewire/mqtt"

const trust: TlsOptions = { ca: "PEM", onError: (error) => void error.message }
const networks: Network[] = [tcp, tls(), tls(trust), webSocket(), webSocket({ path: "/ws", tls: trust })]
const clock: Clock = hostClock
const socket: Socket = networks[0]!.connect({ host: "localhost", port: 1883 }, () => undefined)
const waiting: number = socket.dSnd?.length ?? 0
export const made = [typeof createMqtt, clock.nowMs() + waiting]

const kept: Persistence = { store: () => true, retrieve: () => ({}), clear: () => undefined }
const session: Session = createSession(8, 512, REFUSE, qos1, keepInMemory())
const own = createMqtt(tcp, clock, { onUp() {}, onDown() {}, onTrouble() {} }, {
  clientId: "a", keepAliveS: 60, maxPacketBytes: 1024, maxUnsentBytes: 2048, maxSubscriptions: 8, login: login("u", "p"), will: will("t", "x"),
}, createSession(8, 512, REFUSE, qos2), mqtt5(clock, { sessionExpiryS: 60 }), slices())
unsubscribe(own, "t")
const options: ConnectOptions = { urls: ["mqtt://a", "wss://b"], version: 5, persistence: kept, will: will5("t", "x", { delayS: 5 }) }
const house: Connection = connect(options)
house.subscribe("t", (payload, topic, packet) => [toText(payload), topic, isRetained(packet), userProperty(packet, 0)], 1)
const asker = requester(house.client, clock, "answers", 4)
export const told = [session.pending(), house.pending(), asker.pending(), explain(house.publish("t", "x", { qos: 2 }))]
export const left: Promise<number> = house.close()

// @ts-expect-error: there is no MQTT 6
connect({ urls: "mqtt://a", version: 6 })
// @ts-expect-error: without a broker
connect({})
// @ts-expect-error: there is no QoS 3
house.publish("t", "x", { qos: 3 })

// @ts-expect-error: a port is a number
tcp.connect({ host: "localhost", port: "1883" }, () => undefined)
// @ts-expect-error: not an option
tls({ verify: false })
// @ts-expect-error: paths are text
webSocket({ path: 1 })
`

/** A device of a user's own, beside what stands in flash.config.json. */
const BLINKER = `
import { output, program } from "motewire"

export default program({ lamp: output() }, ({ settings, mqtt, log }) => {
  mqtt.subscribe("lamp/set", (payload) => settings.lamp.write(payload === "ON"))
  mqtt.publish("lamp/state", "ready", { qos: 1 })
  log("set up")
})
`

const FLASH_CONFIG = {
  network: { ssid: "workshop" },
  broker: { host: "192.168.1.10" },
  devices: {
    blinker: {
      board: "esp32-devkitc",
      program: "blinker.ts",
      settings: { lamp: "GPIO16" },
      parts: { relay: { coil: "lamp" } },
    },
  },
}

const USERS_TEST = `
import { advance, bootHouse, expectMessage, expectPin } from "motewire/sim"
import { expect, test } from "vitest"

test("the lamp follows", async () => {
  const house = await bootHouse("flash.config.json")
  await expectMessage(house, "lamp/state", { payload: "ready", within: "10s" })
  house.act((h) => h.broker.publish("lamp/set", "ON"))
  await expectPin(house, "blinker.GPIO16", "high", { within: "100ms" })
  expect(house.device("blinker").parts.relay.closed).toBe(false)
  await advance(house, "10ms")
  expect(house.device("blinker").parts.relay.closed).toBe(true)
})

test("fails", async () => {
  const house = await bootHouse("flash.config.json")
  await advance(house, "10s")
  await expectMessage(house, "lamp/+", { payload: /never/, within: "5s" })
})
`

/** Types of a user's test. What the library itself needs (Node's, mqtt-packet's) is theirs to check. */
const SIM_CONSUMER = `
import { batteryDays, bootHouse, expectPin, type House, type HouseSnapshot } from "motewire/sim"

export async function use(): Promise<number> {
  const house: House = await bootHouse("flash.config.json", { only: ["blinker"], seed: 7 })
  house.fault({ target: "wifi", fault: "drop", for: "10s" })
  const point: HouseSnapshot = house.snapshot()
  await expectPin(house, "blinker.GPIO16", 0.5, { within: "1s" })
  await house.restore(point)
  const pressed: number = house.act((h) => h.device("blinker").parts.relay.closings)
  return batteryDays(house.energy("blinker"), 2000) + pressed
}

// @ts-expect-error: not an option
bootHouse("flash.config.json", { devices: ["blinker"] })
// @ts-expect-error: a broker does not roam
void ((house: House) => house.fault({ target: "broker", fault: "roam", value: {} }))
`

const TSCONFIG = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, target: "es2022", lib: ["es2022"], module: "nodenext" },
    // Nothing of Node's or of ws's types: what a user installs must stand alone.
    ...{ types: [], skipLibCheck: false },
  },
  files: ["consumer.ts"],
}

describe("the package", () => {
  beforeAll(() => {
    run("npm", ["pack", "--silent", "--pack-destination", USER], ROOT)
    const { version } = JSON.parse(readFileSync("package.json", "utf8"))
    mkdirSync(INSTALLED, { recursive: true })
    run("tar", ["-xzf", `motewire-${version}.tgz`, "--strip-components=1", "-C", INSTALLED], USER)
    link("ws")
    writeFileSync(path.join(USER, "package.json"), '{ "type": "module" }')
  }, 90_000)

  test("gives motewire/mqtt to plain JavaScript", () => {
    const code = 'import * as all from "motewire/mqtt"; console.log(Object.keys(all).join(" "))'
    const names = run(process.execPath, ["--input-type=module", "-e", code.replaceAll('"', "'")], USER)
      .trim()
      .split(" ")
    expect(names).toEqual(
      expect.arrayContaining(["connect", "createMqtt", "hostClock", "qos2", "tcp", "tls", "webSocket"]),
    )
  })

  test("runs the example of the docs, which ends when it is told to", async () => {
    const broker = new AedesBroker()
    await broker.start()
    const witness = await Witness.connect(broker.port, 4)
    const url = `mqtt://127.0.0.1:${broker.port}`
    copyFileSync(path.join(INSTALLED, "examples/node-mqtt.mjs"), path.join(USER, "example.mjs"))
    await witness.subscribe("house/#", 1)
    const run = spawn(process.execPath, ["example.mjs", "mqtt://127.0.0.1:1", url], { cwd: USER })
    try {
      let printed = ""
      for (const stream of [run.stdout, run.stderr]) stream.on("data", (bytes) => (printed += bytes))
      await witness.hears("house/announce", ["Grüße"])
      await witness.publish("sensor/data", "21 °C", 1)
      await eventually(
        () => printed.includes("sensor/data 21 °C"),
        () => `the reading in: ${printed}`,
      )
      expect(printed).toMatch(/mqtt:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/)
      expect(printed).toContain(`online at ${url}`)
      run.kill("SIGINT")
      await eventually(() => run.exitCode !== null, "the end of the example")
      expect(run.exitCode).toBe(0)
    } finally {
      run.kill("SIGKILL")
      witness.drop()
      await broker.stop()
    }
  })

  test("gives it types that need no others", () => {
    writeFileSync(path.join(USER, "consumer.ts"), CONSUMER)
    writeFileSync(path.join(USER, "tsconfig.json"), JSON.stringify(TSCONFIG))
    expect(run(process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), "-p", USER], USER)).toBe("")
  })

  test("gives motewire/sim to a user's own vitest, and a failure that shows what happened and nothing of ours", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"))
    for (const name of [...Object.keys(dependencies), "vitest", "@types/node", "typescript"]) link(name)
    writeFileSync(path.join(USER, "blinker.ts"), BLINKER)
    writeFileSync(path.join(USER, "flash.config.json"), JSON.stringify(FLASH_CONFIG))
    writeFileSync(path.join(USER, "blinker.test.ts"), USERS_TEST)
    const vitest = path.join(USER, "node_modules/vitest/vitest.mjs")
    const { stdout, stderr } = spawnSync(process.execPath, [vitest, "run", "--no-color"], {
      cwd: USER,
      encoding: "utf8",
    })
    const said = stripVTControlCharacters(stdout + stderr)
    expect(said).toMatch(/Tests +1 failed \| 1 passed/)
    expect(said).toContain('expected a message on "lamp/+" with /never/ within 5s')
    expect(said).toMatch(
      /The last events, by the time of the call:\n(.*\n)* +-\d\.\d{3} s  blinker  → lamp\/state ready\n/,
    )
    expect(said).toMatch(/blinker\.test\.ts:18:\d+/)
    expect(said).not.toMatch(/dist\/sim|node_modules\/motewire/)
  }, 60_000)

  test("gives it types that a user's test is checked with", () => {
    writeFileSync(path.join(USER, "sim-consumer.ts"), SIM_CONSUMER)
    const compilerOptions = { ...TSCONFIG.compilerOptions, types: ["node"], skipLibCheck: true }
    writeFileSync(path.join(USER, "tsconfig.sim.json"), JSON.stringify({ compilerOptions, files: ["sim-consumer.ts"] }))
    const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc")
    expect(run(process.execPath, [tsc, "-p", path.join(USER, "tsconfig.sim.json")], USER)).toBe("")
  })

  test("holds what the command needs and no tests", () => {
    const files = run("tar", ["-tzf", `motewire-${JSON.parse(readFileSync("package.json", "utf8")).version}.tgz`], USER)
    expect(files).toContain("package/tools/motewire.mjs")
    expect(files).toContain("package/boards/")
    expect(files).not.toMatch(/package\/test\/|\.pem/)
  })
})
