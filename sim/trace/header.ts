import { utf8Bytes } from "../espruino/source"
import type { SettingsRecord } from "../record"
import { rest, TraceError, unwritten, word } from "./text"

const VERSION = 1
const FIRST_LINE = `motewire trace ${VERSION}`

/** What a replay must know beside the events. */
export interface TraceHeader {
  /** Who wrote it: "motewire 0.1.0". */
  by: string
  /** The times of a real board's callbacks vary, so a replay takes them from the trace (docs/traces.md). */
  origin: "simulator" | "board"
  seed?: number
  devices: TracedDevice[]
}

export interface TracedDevice {
  name: string
  /** As in boards/NAME.json. */
  board: string
  /** Path of the program, from where it was recorded. */
  program?: string
  /** SHA-256 of the bundle, hexadecimal. */
  bundle: string
  mac: number[]
  /** As Storage has it, with asterisks for its secrets. */
  settings?: SettingsRecord
}

export function headerLines({ by, origin, seed, devices }: TraceHeader): string[] {
  const lines = [FIRST_LINE, `by ${rest(by)}`, `origin ${origin}`]
  if (seed !== undefined) lines.push(`seed ${seed}`)
  for (const device of devices) {
    const mac = device.mac.map((byte) => byte.toString(16).padStart(2, "0")).join(":")
    lines.push(`device ${word(device.name)}`, `  board ${rest(device.board)}`)
    if (device.program !== undefined) lines.push(`  program ${rest(device.program)}`)
    lines.push(`  bundle ${device.bundle}`, `  mac ${mac}`)
    if (device.settings) lines.push(`  settings ${rest(JSON.stringify(masked(device.settings)))}`)
  }
  return [...lines, ""]
}

/** As many asterisks as the secret has bytes: what the program sends then has the length it had. */
export function masked(record: SettingsRecord): SettingsRecord {
  const stars = (secret: string) => "*".repeat(utf8Bytes(secret).length)
  return { ...record, pass: stars(record.pass), ...(record.pw !== undefined && { pw: stars(record.pw) }) }
}

/** The header of a trace, which ends with an empty line. Throws a TraceError that names the line. */
export function parseHeader(lines: readonly string[]): { header: TraceHeader; length: number } {
  if (lines[0] !== FIRST_LINE)
    throw new TraceError(`line 1: expected "${FIRST_LINE}", got "${(lines[0] ?? "").slice(0, 60)}"`)
  const length = lines.indexOf("") + 1
  if (length === 0) throw new TraceError(`line ${lines.length}: expected an empty line behind the header, got the end`)
  const header: TraceHeader = { by: "", origin: "simulator", devices: [] }
  for (let i = 1; i < length - 1; i++) at(i + 1, () => readField(lines[i], header))
  at(length, () => header.devices.forEach(complete))
  return { header, length }
}

/** `read`, with the number of the line in front of its complaint. */
export function at<T>(line: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof TraceError) throw new TraceError(`line ${line}: ${error.message}`)
    throw error
  }
}

function readField(line: string, header: TraceHeader): void {
  const [, indent, name, value] = /^( *)(\w+) (.*)$/.exec(line) ?? []
  const fields = indent ? OF_DEVICE : OF_TRACE
  if (!name || !Object.hasOwn(fields, name))
    throw new TraceError(`expected one of ${Object.keys(fields).join(", ")} and its value, got "${line}"`)
  if (!indent) return OF_TRACE[name](header, unwritten(value))
  const device = header.devices.at(-1)
  if (!device) throw new TraceError(`expected "device" and a name before "${line.trim()}"`)
  OF_DEVICE[name](device, unwritten(value))
}

const OF_TRACE: Record<string, (header: TraceHeader, value: string) => void> = {
  by: (header, value) => (header.by = value),
  origin: (header, value) => {
    if (value !== "simulator" && value !== "board")
      throw new TraceError(`expected origin simulator or board, got "${value}"`)
    header.origin = value
  },
  seed: (header, value) => (header.seed = whole(value)),
  device: ({ devices }, name) => {
    if (devices.some((each) => each.name === name)) throw new TraceError(`expected a new device, got "${name}" again`)
    devices.push({ name, board: "", bundle: "", mac: [] })
  },
}

const OF_DEVICE: Record<string, (device: TracedDevice, value: string) => void> = {
  board: (device, value) => (device.board = value),
  program: (device, value) => (device.program = value),
  bundle: (device, value) => {
    if (!/^[\da-f]{64}$/.test(value)) throw new TraceError(`expected a SHA-256 of 64 digits, got "${value}"`)
    device.bundle = value
  },
  mac: (device, value) => {
    if (!/^([\da-f]{2}:){5}[\da-f]{2}$/.test(value))
      throw new TraceError(`expected six bytes such as 24:0a:c4:00:01:02, got "${value}"`)
    device.mac = value.split(":").map((byte) => parseInt(byte, 16))
  },
  settings: (device, value) => (device.settings = json(value) as SettingsRecord),
}

function complete({ name, board, bundle, mac }: TracedDevice): void {
  const missing = Object.entries({ board, bundle, mac }).find(([, value]) => value.length === 0)
  if (missing) throw new TraceError(`expected "${missing[0]}" for the device "${name}"`)
}

function whole(value: string): number {
  if (!/^\d+$/.test(value)) throw new TraceError(`expected a whole number, got "${value}"`)
  return Number(value)
}

function json(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch (error) {
    throw new TraceError(`expected JSON, got "${value}": ${(error as Error).message}`)
  }
}
