import type { Device, DeviceSpec } from "../../sim/device"
import type { HouseEvent, HouseEventKind } from "../../sim/events"
import { House } from "../../sim/house"
import type { HouseOptions } from "../../sim/house"
import { buildProgram } from "../../tools/build/program"
import { bundlesOf } from "../../tools/build/bundles"
import { loadConfig } from "../../tools/config/load"
import { simulated } from "../../tools/house"
import { ROOT } from "../../tools/root"

/** The two shipped devices: a file of its own, so that devices added to the repository's break no test. */
export const CONFIG_FILE = `${ROOT}test/scenarios/flash.config.json`
export const TOPIC = "sensor/data"
/** Of the broker in that file. */
export const BROKER_HOST = "192.168.1.10"

type EventOf<K extends HouseEventKind> = HouseEvent & { kind: K }

export interface HomeOptions extends Omit<HouseOptions, "devices"> {
  only?: "climate" | "bulb"
  /** What differs from flash.config.json: other settings, further boards. */
  change?: (specs: DeviceSpec[]) => DeviceSpec[]
}

export interface Home {
  house: House
  climate: Device
  bulb: Device
  /** Everything but edges and duties, since power-on. */
  events: HouseEvent[]
  of<K extends HouseEventKind>(kind: K, device?: string): EventOf<K>[]
  /** Texts that a board logged, without the firmware's own. */
  logs(device: string): string[]
}

let built: Promise<DeviceSpec[]> | undefined

/** The devices of flash.config.json as the simulator takes them. Built once per test file: it takes a second. */
export function shippedSpecs(): Promise<DeviceSpec[]> {
  built ??= (async () => {
    const config = await loadConfig(CONFIG_FILE)
    return simulated(config, await bundlesOf(config.devices)).specs
  })()
  return built
}

const fixtures = new Map<string, Promise<string>>()

/** The bundle of test/scenarios/programs/<name>.ts. */
export function fixtureBundle(name: string): Promise<string> {
  const build = async () => (await buildProgram(`${ROOT}test/scenarios/programs/${name}.ts`, { root: ROOT })).code
  if (!fixtures.has(name)) fixtures.set(name, build())
  return fixtures.get(name)!
}

/** A copy that may be changed: tests of one file share the built one. */
export async function specOf(name: string, changes: Partial<DeviceSpec> = {}): Promise<DeviceSpec> {
  const spec = (await shippedSpecs()).find((each) => each.name === name)!
  return structuredClone({ ...spec, ...changes })
}

/** The house of flash.config.json, switched on; its clock stands at 0. */
export async function home({ only, change, ...options }: HomeOptions = {}): Promise<Home> {
  const shipped = structuredClone(await shippedSpecs()).filter((spec) => !only || spec.name === only)
  const devices = change ? change(shipped) : shipped
  const { ssid, pass } = (await shippedSpecs())[0]!.record!
  const house = new House({ network: { ssid, password: pass }, trace: false, ...options, devices })
  const events: HouseEvent[] = []
  house.on((event) => event.kind !== "pin" && event.kind !== "pwm" && events.push(event))
  house.boot()
  const of = <K extends HouseEventKind>(kind: K, device?: string) =>
    events.filter((event) => event.kind === kind && (!device || event.device === device)) as EventOf<K>[]
  const logs = (device: string) => of("log", device).map((event) => event.text)
  return { house, events, of, logs, climate: house.devices.get("climate")!, bulb: house.devices.get("bulb")! }
}

/** The same, once every board is online and has subscribed. */
export async function homeOnline(options: HomeOptions = {}): Promise<Home> {
  const made = await home(options)
  await untilOnline(made)
  return made
}

/** CONNACK accepted at every board, and 100 ms for SUBSCRIBE and what waited. Rejects when it takes longer than `limit`. */
export async function untilOnline({ house }: Home, limit = "1min"): Promise<void> {
  await house.advance("20ms") // a reset that was just made has to arrive
  await house.until(() => [...house.devices.keys()].every((name) => house.linkOf(name) === "online"), limit)
  await house.advance("100ms")
}

/** Client id of a board, as the broker knows it. */
export function clientOf({ house }: Home, device: string): string {
  const id = [...house.broker.clients.keys()].find((client) => client.startsWith(`${device}-`))
  if (!id) throw new Error(`"${device}" is not connected`)
  return id
}

/** What a board published, read as JSON. */
export function readings(
  { house }: Home,
  device = "climate",
): { atUs: number; temperature: number; humidity: number }[] {
  return house.broker.messages
    .filter((message) => message.from.startsWith(`${device}-`))
    .map(({ atUs, payload }) => ({ atUs, ...JSON.parse(payload) }))
}

/** Seconds between neighbours. */
export function gapsS(events: { atUs: number }[]): number[] {
  return events.slice(1).map((event, i) => (event.atUs - events[i]!.atUs) / 1e6)
}

/** Largest number of events within any span of `spanS`. */
export function mostWithin(events: { atUs: number }[], spanS: number): number {
  let most = 0
  for (let from = 0, to = 0; to < events.length; to++) {
    while (events[to]!.atUs - events[from]!.atUs > spanS * 1e6) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

/** Gives each answer of the climate node's sensor its own temperature, and lists them as they were read. */
export function numberReadings({ house, climate }: Home): number[] {
  const { dht22 } = climate.parts
  const read: number[] = []
  dht22.temperatureC = 0
  house.on((event) => {
    if (event.kind !== "part" || event.device !== climate.name || event.what !== "answers") return
    read.push(event.values!.temperatureC!)
    dht22.temperatureC = Math.round(10 * dht22.temperatureC + 1) / 10
  })
  return read
}
