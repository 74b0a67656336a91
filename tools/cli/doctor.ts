import { accessSync, constants } from "node:fs"
import { loadConfig, type Config } from "../config/load"
import { askBroker, type Login } from "./broker-answer"
import { EXIT_FAILED, EXIT_OK } from "../failure"
import { findPorts, portText, type FoundPort } from "../serial/find"

/** One thing that was looked at; `remedy` where it is not as it should be, or perhaps not. */
interface Finding {
  what: string
  remedy?: string
  isDoubt?: boolean
}

/** Looks at all that flashing needs, and says of each thing that is wrong what to do. Gives the exit code. */
export async function doctor(file: string): Promise<number> {
  const { config, findings: ofConfig } = await configFindings(file)
  const findings = [
    nodeFinding(process.version),
    ...(await portFindings()),
    ...ofConfig,
    ...(await brokerFindings(config)),
  ]
  for (const { what, remedy, isDoubt } of findings) {
    const verdict = remedy === undefined ? "ok   " : isDoubt ? "doubt" : "wrong"
    process.stdout.write(`${verdict}  ${what}\n${remedy === undefined ? "" : `       ${remedy}\n`}`)
  }
  return findings.some(({ remedy, isDoubt }) => remedy !== undefined && !isDoubt) ? EXIT_FAILED : EXIT_OK
}

/** package.json has the same in "engines". */
export function nodeFinding(version: string): Finding {
  const [major, minor] = version.slice(1).split(".").map(Number)
  const isOld = major < 20 || (major === 20 && minor < 19)
  return { what: `Node ${version}`, ...(isOld && { remedy: "Install Node 20.19 or later: https://nodejs.org" }) }
}

async function portFindings(): Promise<Finding[]> {
  try {
    const ports = await findPorts()
    if (ports.length) return ports.map((port) => portFinding(port, mayUse(port.path)))
    return [noPort(process.platform)]
  } catch (error) {
    return [
      { what: "serial ports", remedy: `Their driver does not load (${(error as Error).message}). Run npm ci again.` },
    ]
  }
}

export function portFinding(port: FoundPort, isAllowed: boolean): Finding {
  if (isAllowed) return { what: portText(port) }
  return {
    what: `${port.path}: permission denied`,
    remedy: "On Linux, ports belong to a group: sudo usermod -aG dialout $USER, then log in again.",
  }
}

/** A board that no driver knows is no port at all. */
export function noPort(platform: string): Finding {
  const linux =
    "dmesg | tail shows whether the cable carries data at all, and brltty may have taken a CH340: sudo apt remove brltty."
  const other =
    "Try another cable: many carry only power. Then install the driver of the board's USB chip: CP210x (silabs.com) or CH340 (wch.cn)."
  return { what: "no board is plugged in", remedy: platform === "linux" ? `${linux} ${other.split(". ")[0]}.` : other }
}

function mayUse(path: string): boolean {
  if (process.platform === "win32") return true
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

async function configFindings(file: string): Promise<{ config?: Config; findings: Finding[] }> {
  try {
    const config = await loadConfig(file)
    const count = config.devices.length
    // What the devices are warned of is `motewire check`'s to say; here are secrets, without which nothing is flashed.
    const secrets = config.warnings.filter(({ key }) => !key.startsWith("devices."))
    const findings = secrets.map(({ key, reason, remedy }) => ({
      what: key.endsWith(".password") ? reason : `${key}: ${reason}`,
      remedy,
    }))
    return { config, findings: [{ what: `${file}: ${count} ${count === 1 ? "device" : "devices"}` }, ...findings] }
  } catch (error) {
    return { findings: [{ what: file, remedy: (error as Error).message }] }
  }
}

async function brokerFindings(config: Config | undefined): Promise<Finding[]> {
  if (!config) return []
  const { host, port, more = [], user, password } = config.broker
  const login = user === undefined ? undefined : { user, password: password?.reveal() }
  // A secret that is not set was told already, and without it the broker is right to refuse.
  const mayRefuse = password !== undefined && !password.isSet
  return Promise.all([{ host, port }, ...more].map((broker) => brokerFinding(broker, login, mayRefuse)))
}

export async function brokerFinding(
  { host, port }: { host: string; port: number },
  login?: Login,
  mayRefuse = false,
): Promise<Finding> {
  const what = `broker ${host}:${port}`
  const answer = await askBroker(host, port, login)
  if (answer === "no MQTT") return { what: `${what} answers, but not in MQTT`, remedy: NO_MQTT, isDoubt: true }
  if ("problem" in answer) return { what, remedy: unreached(answer.problem, host, port) }
  if (!REFUSED_LOGIN.includes(answer.returnCode) || mayRefuse) return { what: `${what}: an MQTT broker answers` }
  if (!login) return { what: `${what} wants a login`, remedy: WANTS_LOGIN }
  const remedy = 'Compare "user", and the variable of its password, with what the broker has.'
  return { what: `${what} refuses the login of "${login.user}"`, remedy }
}

/** CONNACK's return codes (MQTT 3.1.1, clause 3.2.2.3): bad user name or password, not authorised. */
const REFUSED_LOGIN = [4, 5]

const WANTS_LOGIN = 'Write "user": "..." and "password": { "env": "MQTT_PASSWORD" } under "broker".'

const NO_MQTT =
  "Right for a port of TLS or WebSocket that your programs dial as such. Otherwise another service is there: MQTT's own port is 1883."

function unreached(problem: string, host: string, port: number): string {
  if (/ENOTFOUND|EAI_AGAIN/.test(problem))
    return `No address is known for ${host}. Write the broker's IP address: boards do not look up .local names.`
  return `It does not answer (${problem}). Start it, and let it listen on more than localhost: "listener ${port} 0.0.0.0" in mosquitto.conf.`
}
