import { dirname, relative } from "node:path"
import pc from "picocolors"
import type { TraceHeader } from "../../../sim/trace/header"
import type { Bundle } from "../../build/program"
import type { Device } from "../../config/device"
import { didYouMean } from "../../../sim/nearest"
import { loadConfig } from "../../config/load"
import { problemLine } from "../../config/problem"
import { simulated } from "../../house"
import { bundlesOf } from "../../build/bundles"
import { pickDevices } from "../../config/pick"
import { linkFile, placeLink } from "../../console/link"
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, Failure } from "../../failure"
import { colourDepth, Style } from "../view/style"
import { readClimate } from "./climate"
import { energyTable } from "./energy"
import { faultHelp } from "./fault-help"
import { checkFaults } from "./faults"
import { Host } from "./host"
import { LiveOutput } from "./live"
import { brokerUrl, type SimOptions } from "./options"
import { JsonOutput, PlainOutput, type Output } from "./output"
import { PULSE_BYTES, type FromWorker, type Setup, type Summary } from "./protocol"
import { houseTime } from "../../text/say"
import { version } from "../../version"
import { onInterrupt } from "./signals"

/** Runs the house until it ends, is stopped or fails; gives the exit code. */
export async function simulate(options: SimOptions, workerFile: string): Promise<number> {
  if (options.broker && options.port !== undefined)
    throw new Failure("--port is for the built-in broker, and --broker chooses another. Keep one.", EXIT_USAGE)
  if (options.console !== undefined) refuseConsole(options)
  if (options.fault?.includes("help")) {
    process.stdout.write(`${faultHelp()}\n`)
    return EXIT_OK
  }
  const setup = await prepare(options)
  const output = outputFor(options, setup.isLive)
  // Once the screen is open nothing may leave without closing it: exits, signals and bugs included.
  const close = () => output.close()
  process.once("exit", close)
  let unmark = () => {}
  process.once("exit", () => unmark())
  const host = new Host(workerFile, setup, (message) => {
    if (message.say === "ready" && message.console) unmark = placeLink(linkOf(setup)!, message.console)
    void relay(message, output, host, setup)
  })
  const release = onInterrupt(host, output)
  try {
    const summary = await host.ended
    output.close(summary)
    if (!options.json) process.stdout.write(`${summaryText(summary, options.battery)}\n`)
    for (const failure of summary.failures) process.stderr.write(`motewire: ${failure}\n`)
    return summary.failures.length > 0 ? EXIT_FAILED : EXIT_OK
  } finally {
    release()
    unmark()
    output.close()
    process.off("exit", close)
  }
}

async function prepare(options: SimOptions): Promise<Setup> {
  const broker = options.broker === undefined ? undefined : brokerUrl(options.broker)
  const config = await loadConfig(options.config)
  const devices = pickDevices(config, options.only ?? [])
  const warnings = config.warnings.map((warning) => problemLine(config.file, warning))
  warnings.push(...checkFaults(options.fault ?? [], devices, options.for))
  if (options.log !== "error") for (const text of warnings) process.stderr.write(`${pc.yellow(`warning: ${text}`)}\n`)
  const room = options.climate === undefined ? undefined : readClimate(options.climate)
  const progress = process.stderr.isTTY && !options.json
  if (progress) process.stderr.write(`building ${devices.map(({ name }) => name).join(", ")} ...`)
  const bundles = await bundlesOf(devices).finally(() => progress && process.stderr.write("\r\x1b[K"))
  const { specs, network } = simulated(config, bundles, broker)
  return {
    devices: specs,
    maps: Object.fromEntries([...bundles].map(([name, { map }]) => [name, map])),
    folder: dirname(config.file),
    seed: options.seed,
    speed: options.speed,
    forUs: options.for,
    network,
    broker: broker ?? "embedded",
    door: doorFor(options),
    room,
    faults: options.fault ?? [],
    tellsEnergy: options.battery !== undefined,
    level: options.log,
    ...(options.trace && { trace: { file: options.trace, header: headerOf(options.seed, devices, bundles) } }),
    ...(options.console !== undefined && { console: consoleOf(options.console, devices) }),
    isLive: process.stdout.isTTY === true && !options.plain && !options.json && options.console === undefined,
    pulse: new SharedArrayBuffer(PULSE_BYTES),
  }
}

/** A terminal's other end lives in the time of this machine, and is no part of a run that repeats. */
function refuseConsole({ speed, trace }: SimOptions): void {
  const other = trace !== undefined ? "--trace" : speed === "max" ? "--speed max" : undefined
  if (other) throw new Failure(`--console is a person at a keyboard, which ${other} cannot have. Keep one.`, EXIT_USAGE)
}

function consoleOf(name: string, devices: Device[]): string {
  if (devices.some((device) => device.name === name)) return name
  const names = devices.map((device) => device.name)
  throw new Failure(`--console: no device "${name}". ${didYouMean(name, names)}`, EXIT_USAGE)
}

/** The chips' addresses are known when the house stands. */
function headerOf(seed: number, devices: Device[], bundles: Map<string, Bundle>): TraceHeader {
  const traced = devices.map(({ name, board, program }) => ({
    ...{ name, board: board.name, program: relative(process.cwd(), program) },
    ...{ bundle: bundles.get(name)!.sha256, mac: [] },
  }))
  return { by: `motewire ${version()}`, origin: "simulator", seed, devices: traced }
}

/** At full speed an outside client would see an hour pass in a second, and bend a run that should repeat. */
function doorFor({ speed, port, broker }: SimOptions): Setup["door"] {
  if (broker || (speed === "max" && port === undefined)) return undefined
  return port ?? "free"
}

function outputFor(options: SimOptions, isLive: boolean): Output {
  if (options.json) return new JsonOutput(process.stdout)
  if (!isLive) return new PlainOutput(process.stdout, pc.createColors(pc.isColorSupported && process.stdout.isTTY))
  return new LiveOutput(process.stdout, new Style(colourDepth(process.env, true)), options.speed)
}

async function relay(message: FromWorker, output: Output, host: Host, setup: Setup): Promise<void> {
  if (message.say === "ready")
    return output.ready({ ...readyFor(message.broker, setup), ...consoleFor(message.console, setup) })
  if (message.say === "view") return output.show(message.view, message.heard)
  if (message.say !== "events") return
  for (const event of message.events) output.event(event)
  await output.drained()
  host.ask({ ask: "more" })
}

function readyFor(broker: { url?: string; note?: string }, { devices }: Setup) {
  const url = broker.url === undefined ? undefined : new URL(broker.url)
  const hint = url && `mosquitto_sub -h ${url.hostname.replace(/^\[|\]$/g, "")} -p ${url.port || 1883} -t '#' -v`
  return { devices: devices.map(({ name }) => name), ...broker, hint }
}

function consoleFor(console: string | undefined, setup: Setup) {
  if (console === undefined) return {}
  const path = relative(process.cwd(), linkOf(setup)!)
  return { console, flash: `motewire flash ${setup.console} --port ${path}` }
}

const linkOf = ({ console, folder }: Setup) => (console === undefined ? undefined : linkFile(folder, console))

function summaryText({ houseUs, hostMs, messages, halts, energy }: Summary, battery: number | undefined): string {
  const stopped = halts > 0 ? `, ${halts} ${halts === 1 ? "halt" : "halts"}` : ""
  const count = messages === 1 ? "1 message" : `${messages} messages`
  const run = `${houseTime(houseUs)} of house time in ${(hostMs / 1000).toFixed(1)} s, ${count}${stopped}`
  return energy && battery !== undefined ? `${run}\n\n${energyTable(energy, battery)}` : run
}
