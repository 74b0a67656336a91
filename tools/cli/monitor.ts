import { existsSync } from "node:fs"
import pc from "picocolors"
import type { Device } from "../config/device"
import { loadConfig, type Config } from "../config/load"
import { EXIT_OK } from "../failure"
import { findBuild, type Found } from "../monitor/builds"
import { Keyboard, KEYS_HELP } from "../monitor/keyboard"
import { Monitor } from "../monitor/monitor"
import { opener } from "../monitor/opener"
import { typePiped } from "../monitor/piped"
import type { MonitorEvent, MonitorRecord } from "../monitor/record"
import type { Running } from "../monitor/running"
import { asJson, shownLines } from "../monitor/show"
import { choosePort, findPorts } from "../serial/find"
import { pickDevices } from "../config/pick"
import { speedOf } from "./baud"
import { colourDepth } from "./view/style"

export interface MonitorCommand {
  config: string
  port?: string
  baud: string
  json?: boolean
}

/** The devices that a board may be. */
interface Project {
  config: Config
  devices: Device[]
}
type Known = Project | { why: string }

/** Shows what a board says until Ctrl-C; gives the exit code. */
export async function monitorBoard(name: string | undefined, command: MonitorCommand): Promise<number> {
  const baud = speedOf(command.baud, 115_200)
  const known = await devicesOf(name, command.config)
  const own = "devices" in known && known.devices.length === 1 ? known.devices[0]!.serialPort : undefined
  const path = command.port ?? own ?? (await choosePort(await findPorts()))
  const end = new AbortController()
  const open = opener(path, baud)
  const line = await open()
  const screen = new Screen(!!command.json)
  const tell = (record: MonitorRecord) => screen.tell(record)
  const monitor = new Monitor({
    ...{ name: path, signal: end.signal, open, tell, nowMs: Date.now },
    find: "why" in known ? undefined : finder(known),
  })
  if ("why" in known) screen.say(known.why, "build", "warn")
  const release = onEnd(end)
  const running = monitor.run(line)
  try {
    await Promise.race([running, input(monitor, screen, end)])
    return EXIT_OK
  } finally {
    end.abort()
    await running
    screen.close()
    release()
    // A pipe that is open would keep the process.
    process.stdin.destroy()
  }
}

/** A file that is not sound stops nobody from listening, unless one of its devices was asked for. */
async function devicesOf(name: string | undefined, file: string): Promise<Known> {
  if (name === undefined && !existsSync(file)) return { why: `there is no ${file} here: traces are not translated` }
  try {
    const config = await loadConfig(file)
    return { config, devices: pickDevices(config, name === undefined ? [] : [name]) }
  } catch (error) {
    if (name !== undefined) throw error
    return { why: `${file} has mistakes (motewire check tells them): traces are not translated` }
  }
}

/** Finds each build once, however often a board is asked what it runs. */
function finder({ config, devices }: Project): (running: Running) => Promise<Found> {
  const found = new Map<string, Promise<Found>>()
  return (running) => {
    const key = JSON.stringify(running)
    const finding = found.get(key) ?? findBuild(running, config, devices)
    found.set(key, finding)
    return finding
  }
}

/** Where records go: plain lines, JSON, or above a line that is being typed. */
class Screen {
  keyboard: Keyboard | undefined
  private readonly colors = pc.createColors(colourDepth(process.env, !!process.stdout.isTTY) !== "none")

  constructor(private readonly isJson: boolean) {}

  tell(record: MonitorRecord): void {
    const lines = this.isJson ? [asJson(record)] : shownLines(record, this.colors)
    if (this.keyboard) this.keyboard.show(lines)
    else process.stdout.write(lines.map((line) => `${line}\n`).join(""))
  }

  say(text: string, event: MonitorEvent = "key", level: "info" | "warn" = "info"): void {
    this.tell({ timeMs: Date.now(), kind: "event", level, event, text })
  }

  close(): void {
    this.keyboard?.close()
    this.keyboard = undefined
  }
}

/** What is typed goes to the board. Resolves when there will be no more of it, which a terminal never says. */
async function input(monitor: Monitor, screen: Screen, end: AbortController): Promise<void> {
  if (!process.stdin.isTTY) return typePiped(monitor, process.stdin, end.signal)
  if (!process.stdout.isTTY) {
    process.stdin.on("data", (text: Buffer) => void monitor.board?.type(text.toString().trimEnd()))
    return new Promise(() => {})
  }
  const absent = () => screen.say("there is no board to send it to")
  const isReset = (isDone: boolean) =>
    screen.say(
      isDone ? "the reset button was pressed" : "this port has no wire to the reset pin: E.reboot() restarts it",
    )
  screen.keyboard = new Keyboard({
    type: (line) => void (monitor.board?.type(line) ?? absent()),
    reset: () => void (monitor.board?.line.reset().then(isReset) ?? absent()),
    interrupt: () => void (monitor.board?.send("\x03").then(() => screen.say("Ctrl-C was sent")) ?? absent()),
    help: () => KEYS_HELP.forEach((line) => screen.say(line)),
    quit: () => end.abort(),
  })
  KEYS_HELP.forEach((line) => screen.say(line))
  return new Promise(() => {})
}

/** Ctrl-C, SIGTERM, and a reader that closes its pipe end the monitor in order; the second Ctrl-C at once. */
function onEnd(end: AbortController): () => void {
  const stop = () => (end.signal.aborted ? process.exit(130) : end.abort())
  const onPipe = () => end.abort()
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop)
  process.stdout.on("error", onPipe)
  return () => {
    process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", stop)
    process.stdout.off("error", onPipe)
  }
}
