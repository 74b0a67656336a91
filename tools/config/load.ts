import { readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { ROOT } from "../root"
import { loadBoards, type Board } from "./boards"
import { byteLength } from "./bytes"
import { checkDevice, type Describe, type Device } from "./device"
import { explain } from "./explain"
import { JsonError, parseJson } from "./json"
import { PARTS } from "./parts"
import { ConfigError, type Problem } from "./problem"
import { readEnv, secretFrom, type Env, type Secret } from "./secret"
import { configShape, deviceShape, oneBroker, severalBrokers, type ConfigShape, type DeviceShape } from "./shape"

interface Address {
  host: string
  port: number
}

export interface Config {
  /** As the user named it, for messages. */
  file: string
  /** Programs are looked up from here. */
  folder: string
  network: { ssid: string; password?: Secret }
  /** The first, and further ones in order of preference. */
  broker: Address & { user?: string; password?: Secret; more?: Address[] }
  devices: Device[]
  /** Worth saying, not worth stopping for. */
  warnings: Problem[]
}

interface LoadOptions {
  /** Learns a program's settings; bundles and evaluates the program unless a test says otherwise. */
  describe?: Describe
  boards?: Board[]
  /** What to do when there is no such file. */
  ifMissing?: string
}

const IF_MISSING = "Start in your project's folder, or say --config FILE."

/** Reads and checks the whole file. Throws one ConfigError with every problem found. */
export async function loadConfig(file: string, env: Env = process.env, options: LoadOptions = {}): Promise<Config> {
  const boards = options.boards ?? loadBoards()
  const describe = options.describe ?? describeShipped
  const raw = readJson(file, options.ifMissing ?? IF_MISSING)
  const { problems, shaped, sound } = checkShape(raw, boards)
  const folder = dirname(resolve(file))
  const checks = sound.map(([name, device]) => checkDevice(name, device, boards, folder, describe))
  const devices = await Promise.all(checks)
  problems.push(...devices.flatMap((each) => each.problems))
  if (!shaped) throw new ConfigError(file, problems)
  const { env: secrets, strayLines } = readEnv(folder, env)
  problems.push(...linkProblems(shaped))
  if (problems.length > 0) throw new ConfigError(file, problems)
  const linked = links(shaped, secrets)
  const made = devices.map((each) => each.device!)
  const password = passwordFault(linked)
  const ofSecrets = [...strayLines.map(strayLine), ...unsetSecrets(shaped, secrets), ...(password ? [password] : [])]
  const warnings = [...ofSecrets, ...devices.flatMap((each) => each.warnings)]
  if (linked.broker.more) warnings.push(...made.filter((each) => !each.isForSeveralBrokers).map(firstBrokerOnly))
  return { file, folder, ...linked, devices: made, warnings }
}

/** Loaded late: the compiler is not needed to say that a file is not there. */
const describeShipped: Describe = async (file) =>
  (await import("../build/program")).describeProgram(file, { root: ROOT })

function readJson(file: string, ifMissing: string): unknown {
  try {
    return parseJson(readFileSync(file, "utf8"))
  } catch (error) {
    throw new ConfigError(file, [asProblem(error, ifMissing)])
  }
}

function asProblem(error: unknown, ifMissing: string): Problem {
  if (error instanceof JsonError) {
    const { line, column, reason, remedy } = error
    return { key: "", line, column, reason, remedy: `${remedy}.` }
  }
  const code = (error as NodeJS.ErrnoException).code
  if (code === "ENOENT") return { key: "", reason: "there is no such file", remedy: ifMissing }
  if (code === undefined) throw error
  return { key: "", reason: `cannot be read (${code})`, remedy: "Check the name and its permissions." }
}

/** A device whose own shape is sound is checked on, so that one slip does not hide the next device's problems. */
function checkShape(raw: unknown, boards: Board[]) {
  const pins = [...new Set(boards.flatMap((board) => Object.keys(board.pins)))]
  const device = deviceShape(
    boards.map(({ name }) => name),
    pins,
    Object.keys(PARTS),
  )
  const written = (raw as { broker?: unknown } | null)?.broker
  const whole = configShape(device, Array.isArray(written) ? severalBrokers() : oneBroker()).safeParse(raw)
  const problems = explain(whole.error?.issues ?? [], raw, boards)
  const entries = Object.entries((raw as { devices?: object } | null)?.devices ?? {})
  if (whole.success && entries.length === 0)
    problems.push({ key: "devices", reason: "holds no device", remedy: 'Write one, for example "climate": { ... }.' })
  const sound: [string, DeviceShape][] = []
  for (const [name, entry] of entries) {
    const parsed = device.safeParse(entry)
    if (parsed.success) sound.push([name, parsed.data])
  }
  return { problems, shaped: whole.data as ConfigShape | undefined, sound }
}

const firstBrokerOnly = ({ name }: Device): Problem => ({
  key: `devices.${name}.program`,
  reason: "this program dials the first broker only",
  remedy: 'Give `brokers` of "motewire/net/brokers" to `program` as an option, or keep one broker.',
})

/** The broker that has the login, the others, and the key of the first. */
function brokersOf({ broker }: Pick<ConfigShape, "broker">) {
  if (!Array.isArray(broker)) return { first: broker, more: [], key: "broker" }
  const [first, ...more] = broker
  return { first, more, key: "broker.0" }
}

function links({ network, broker }: ConfigShape, env: Env): Pick<Config, "network" | "broker"> {
  const secret = (from?: { env: string }) => (from ? { password: secretFrom(env, from.env) } : {})
  const { first, more } = brokersOf({ broker })
  const { host, port, user } = first
  return {
    network: { ssid: network.ssid, ...secret(network.password) },
    broker: { host, port, user, ...secret(first.password), ...(more.length > 0 && { more }) },
  }
}

function linkProblems({ network, broker }: ConfigShape): Problem[] {
  const problems: Problem[] = []
  if (byteLength(network.ssid) > 32)
    problems.push({ key: "network.ssid", reason: "is longer than 32 bytes", remedy: "Wi-Fi allows 1 to 32 bytes." })
  // [MQTT-3.1.2-22] no password without a user name
  const { first, more, key } = brokersOf({ broker })
  if (first.password && first.user === undefined)
    problems.push({ key: `${key}.password`, reason: "stands without a user", remedy: 'Add "user": "..." beside it.' })
  const places = [first, ...more].map(({ host, port }) => `${host}:${port}`)
  places.forEach((place, i) => {
    if (places.indexOf(place) < i)
      problems.push({ key: `broker.${i}`, reason: `${place} stands twice`, remedy: "Keep one of the two." })
  })
  return problems
}

const strayLine = (line: number): Problem => ({
  key: ".env.local",
  reason: `line ${line} assigns nothing`,
  remedy: "Write NAME=value there, or begin it with #.",
})

/** The simulator's access point takes any; a board's radio does not. */
export function passwordFault({ network: { password } }: Pick<Config, "network">): Problem | undefined {
  // IEEE 802.11 annex J.4: a passphrase has 8 to 63 characters, or the key is 64 hexadecimal digits.
  if (!password?.isSet || (password.length >= 8 && password.length <= 64)) return undefined
  const reason = `${password.env} holds ${password.length} characters`
  return {
    key: "network.password",
    reason,
    remedy: "A WPA2 password has 8 to 63: no board can be flashed with this one.",
  }
}

function unsetSecrets(shape: ConfigShape, env: Env): Problem[] {
  const { first, key } = brokersOf(shape)
  const links = [["network", shape.network.password] as const, [key, first.password] as const]
  return links.flatMap(([link, password]) => {
    const name = password?.env
    if (name === undefined || secretFrom(env, name).isSet) return []
    const remedy = `The simulator makes do without it, and takes any; to flash a board put ${name}=... into .env.local.`
    return [{ key: `${link}.password`, reason: `${name} is not set`, remedy }]
  })
}
