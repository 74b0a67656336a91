import type { Device } from "../device"
import { didYouMean } from "../nearest"
import type { Net } from "../pins/net"
import type { FaultKind, FaultPlace, FaultTable } from "./kind"
import { partFaults } from "./part"
import { BROKER, DEVICE, NETWORK, WIFI, WIRE } from "./tables"
import { FaultError } from "./value"

/** What something may happen to, and what may happen to it. */
export interface Target<T = unknown> {
  /** Whose event it is: a board, or "house". */
  readonly device: string
  /** Without the board: "dht22", "GPIO4" or "" for the board itself. */
  readonly within: string
  readonly target: T
  readonly faults: FaultTable<T>
}

/** Throws a FaultError that says what there is. */
export function findTarget(name: string, place: FaultPlace): Target<any> {
  const { network, broker, devices } = place
  const house = <T>(target: T, faults: FaultTable<T>): Target<T> => ({ device: "house", within: name, target, faults })
  if (name === "wifi") return house(network.wifi, WIFI)
  if (name === "network") return house(network, NETWORK)
  if (name === "broker") return house(broker, BROKER)
  const [first, ...rest] = name.split(".")
  const device = devices.get(first)
  if (!device) {
    const known = [...devices.keys(), "wifi", "network", "broker"]
    throw new FaultError(`nothing here is called "${first}". ${didYouMean(first, known)}`)
  }
  if (!rest.length) return { device: first, within: "", target: device, faults: DEVICE }
  return { device: first, within: rest.join("."), ...withinDevice(device, rest) }
}

function withinDevice(device: Device, [name, role, ...more]: string[]): Pick<Target<any>, "target" | "faults"> {
  if (more.length) throw new FaultError(`"${[device.name, name, role, ...more].join(".")}" has too many dots`)
  const spec = device.spec.parts?.find((part) => part.name === name)
  if (role !== undefined) return { target: roleNet(device, name, role, spec?.pins), faults: WIRE }
  if (spec) return { target: device.part(name), faults: partFaults(device.part(name)) }
  const net = pinNet(device, name)
  if (net) return { target: net, faults: WIRE }
  const parts = device.spec.parts ?? []
  const known = [...parts.map((part) => part.name), ...freePins(device)]
  const listed = parts.map((part) => part.name).join(", ") || "none"
  throw new FaultError(
    `"${device.name}" has no part and no pin "${name}". ${didYouMean(name, known).replace(/^Known.*/, `Its parts: ${listed}.`)}`,
  )
}

/** Nobody means a pin that is wired to the flash chip. */
const freePins = ({ spec }: Device): string[] =>
  Object.entries(spec.board.pins).flatMap(([name, { flash }]) => (flash ? [] : [name]))

/** The wire at one pin of a part. */
function roleNet(device: Device, part: string, role: string, pins: Record<string, number> | undefined): Net {
  if (!pins) throw new FaultError(`"${device.name}" has no part "${part}"`)
  const roles = Object.keys(pins)
  if (!Object.hasOwn(pins, role)) throw new FaultError(`"${part}" has no pin "${role}". ${didYouMean(role, roles)}`)
  return device.chip.gpio.find(pins[role])!.net
}

/** By the printed name ("GPIO4") or one of the names that the board's file gives it ("D4"), whatever the case. */
function pinNet(device: Device, name: string): Net | undefined {
  const wanted = name.toLowerCase()
  for (const [printed, { number, names = [] }] of Object.entries(device.spec.board.pins))
    if ([printed, ...names].some((each) => each.toLowerCase() === wanted)) return device.chip.gpio.find(number)?.net
  return undefined
}

/** Throws a FaultError that names what is near, here or elsewhere. */
export function findFault({ device, within, faults }: Target, name: string): FaultKind<unknown> {
  if (Object.hasOwn(faults, name)) return faults[name]
  const whole = device === "house" ? within : [device, within].filter(Boolean).join(".")
  const names = Object.keys(faults)
  const elsewhere = Object.entries(TABLES).filter(([, table]) => Object.hasOwn(table, name))
  if (elsewhere.length) {
    const homes = elsewhere.map(([home]) => home).join(" or ")
    throw new FaultError(`"${name}" happens to ${homes}, not to "${whole}", to which happen: ${list(names)}`)
  }
  throw new FaultError(`"${name}" does not happen to "${whole}". ${didYouMean(name, names)}`)
}

const TABLES: Record<string, object> = {
  "a board": DEVICE,
  "a wire (climate.GPIO4)": WIRE,
  wifi: WIFI,
  network: NETWORK,
  broker: BROKER,
}
const list = (names: string[]) => names.join(", ") || "no faults"
