import { accessSync, constants } from "node:fs"
import { connect } from "node:net"
import { loadConfig, type Config } from "../config/load"
import { EXIT_FAILED, EXIT_OK } from "../failure"
import { findPorts, portText, type FoundPort } from "../serial/find"

/** One thing that was looked at; `remedy` where it is not as it should be. */
interface Finding {
  what: string
  remedy?: string
}

const BROKER_WITHIN_MS = 3000

/** Looks at all that flashing needs, and says of each thing that is wrong what to do. Gives the exit code. */
export async function doctor(file: string): Promise<number> {
  const { config, finding } = await configFinding(file)
  const findings = [nodeFinding(process.version), ...(await portFindings()), finding, ...(await brokerFindings(config))]
  for (const { what, remedy } of findings)
    process.stdout.write(remedy === undefined ? `ok     ${what}\n` : `wrong  ${what}\n       ${remedy}\n`)
  return findings.some(({ remedy }) => remedy !== undefined) ? EXIT_FAILED : EXIT_OK
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

async function configFinding(file: string): Promise<{ config?: Config; finding: Finding }> {
  try {
    const config = await loadConfig(file)
    const secrets = [config.network.password, config.broker.password].filter((secret) => secret && !secret.isSet)
    const names = secrets.map((secret) => secret!.env).join(" and ")
    const remedy = names ? { remedy: `${names} not set: write it into .env.local beside the file.` } : {}
    return { config, finding: { what: `${file}: ${config.devices.length} devices`, ...remedy } }
  } catch (error) {
    return { finding: { what: file, remedy: (error as Error).message } }
  }
}

async function brokerFindings(config: Config | undefined): Promise<Finding[]> {
  if (!config) return []
  const { host, port, more = [] } = config.broker
  return Promise.all([{ host, port }, ...more].map(brokerFinding))
}

export async function brokerFinding({ host, port }: { host: string; port: number }): Promise<Finding> {
  const problem = await reach(host, port)
  const what = `broker ${host}:${port}`
  if (problem === undefined) return { what }
  const remedy = /ENOTFOUND|EAI_AGAIN/.test(problem)
    ? `No address is known for ${host}. Write the broker's IP address: boards do not look up .local names.`
    : `It does not answer (${problem}). Start it, and let it listen on more than localhost: "listener ${port} 0.0.0.0" in mosquitto.conf.`
  return { what, remedy }
}

function reach(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: BROKER_WITHIN_MS })
    const end = (problem?: string) => {
      socket.destroy()
      resolve(problem)
    }
    socket.once("connect", () => end())
    socket.once("timeout", () => end("no answer within 3 s"))
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}
