import { resolve } from "node:path"
import { crc32 } from "../../src/util/crc32"
import { pretokenise } from "../build/pretokenise"
import { forecastOf } from "../build/forecast"
import type { Bundle } from "../build/program"
import type { Device } from "../config/device"
import { loadConfig, passwordFault, type Config } from "../config/load"
import { ConfigError, problemLine } from "../config/problem"
import { settingsRecord } from "../config/record"
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, Failure } from "../failure"
import type { ChipState } from "../flash/chip"
import { flash } from "../flash/flash"
import { keepBuild } from "../flash/kept"
import { hasTokens } from "../flash/refuse"
import type { Verdict } from "../flash/trial"
import { findBuild } from "../monitor/builds"
import { placesOf, type Places } from "../monitor/places"
import type { Running } from "../monitor/running"
import { ROOT } from "../root"
import { choosePort, findPorts } from "../serial/find"
import { openSerial, reopenSerial } from "../serial/port"
import { bundlesOf } from "../build/bundles"
import { pickDevices } from "../config/pick"
import { readable } from "../text/terminal"
import { speedOf } from "./baud"
import { progressBar } from "./progress"

export interface FlashCommand {
  config: string
  port?: string
  baud: string
  all?: boolean
  erase?: boolean
  settingsOnly?: boolean
  dryRun?: boolean
  /** The bundle with the recorder, for `motewire record`. */
  record?: boolean
}

/** Flashes one device, or all of the file one after the other; gives the exit code. */
export async function flashDevices(name: string | undefined, command: FlashCommand): Promise<number> {
  const baud = speedOf(command.baud, 115_200)
  if (command.erase && command.settingsOnly)
    throw new Failure("--erase removes the program, which --settings-only needs. Choose one of them.", EXIT_USAGE)
  if (command.record && command.settingsOnly)
    throw new Failure(
      "--record puts another program on the board, and --settings-only none. Choose one of them.",
      EXIT_USAGE,
    )
  const config = await loadConfig(command.config)
  const devices = devicesOf(config, name, command)
  refuseUnset(config)
  for (const warning of config.warnings.filter(({ key }) =>
    devices.some((each) => key.startsWith(`devices.${each.name}.`)),
  ))
    say(`warning: ${problemLine(config.file, warning)}`)
  const bundles = command.settingsOnly ? undefined : await bundlesOf(devices, undefined, command.record)
  let exitCode = EXIT_OK
  for (const device of devices) {
    try {
      await flashOne(config, device, bundles?.get(device.name), command, baud)
    } catch (error) {
      // The others are flashed all the same.
      if (devices.length === 1 || !(error instanceof Failure)) throw error
      say(`${device.name}: ${error.message}`)
      exitCode = EXIT_FAILED
    }
  }
  return exitCode
}

function devicesOf(config: Config, name: string | undefined, { all, port }: FlashCommand): Device[] {
  if (name !== undefined && all) throw new Failure("--all flashes every device: leave its name out.", EXIT_USAGE)
  if (name !== undefined) return pickDevices(config, [name])
  if (!all && config.devices.length > 1)
    throw new Failure(
      `which device? Say ${config.devices.map((each) => each.name).join(" or ")}, or --all.`,
      EXIT_USAGE,
    )
  const devices = pickDevices(config, [])
  if (devices.length === 1) return devices
  if (port !== undefined)
    throw new Failure('--port is one board\'s: with --all write "port" for each device.', EXIT_USAGE)
  const without = devices.filter(({ serialPort }) => serialPort === undefined).map((each) => each.name)
  if (without.length)
    throw new Failure(
      `--all has to know the board of each device: write "port" for ${without.join(" and ")} in ${config.file}.`,
      EXIT_USAGE,
    )
  return devices
}

function refuseUnset(config: Config): void {
  const { network, broker } = config
  const unfit = passwordFault(config)
  if (unfit) throw new ConfigError(config.file, [unfit])
  const unset = [network.password, broker.password]
    .filter((secret) => secret && !secret.isSet)
    .map((secret) => secret!.env)
  if (unset.length)
    throw new Failure(
      `${unset.join(" and ")} ${unset.length > 1 ? "are" : "is"} not set. Set it in the environment, or write it into .env.local beside the config file.`,
    )
}

async function flashOne(
  config: Config,
  device: Device,
  bundle: Bundle | undefined,
  command: FlashCommand,
  baud: number,
): Promise<void> {
  const startedMs = performance.now()
  const record = settingsRecord(config, device.name)
  const path = command.port ?? device.serialPort ?? (await choosePort(await findPorts()))
  const line = await openSerial(path, baud)
  const bar = progressBar(device.name)
  let code = ""
  const program = (bundle: Bundle) => (chip: ChipState) => {
    code = bytesFor(bundle, device, chip)
    if (!command.dryRun) keep(config, device, bundle, code)
    return code
  }
  const board = bundle ? undefined : onBoard(config, device)
  let leftNow = () => "The board runs what it ran before."
  const release = onInterrupt(() => (bar.clear(), say(`stopped. ${leftNow()}`)))
  const verdict = await flash(line, path, {
    board: device.board,
    program: bundle && program(bundle),
    recognise: board?.recognise,
    places: bundle
      ? ({ file, version: firmware }) => placesOf({ bundle, code, file, firmware })
      : async () => board!.places(),
    onStart: (left) => (leftNow = left),
    record,
    erase: command.erase,
    isDryRun: command.dryRun,
    reopen: () => reopenSerial(path, baud),
    say: (text) => (bar.clear(), say(text)),
    onProgress: bar.show,
  }).finally(async () => {
    release()
    bar.clear()
    await line.close()
  })
  if (!verdict) return
  tell(device.name, verdict, performance.now() - startedMs)
  if (command.record) process.stdout.write(`  it records: motewire record ${device.name} --port ${path}\n`)
}

/** `@@<number> <CRC> <record>` (docs/recording.md) */
const RECORDER_LINE = /^@@\d+ /

function tell(name: string, { words, error }: Verdict, tookMs: number): void {
  const but = error ? ", but it reported an error" : ""
  const lines = error ? [`  ${readable(error.head)}`, ...error.lines.map((line) => `  ${line}`)] : []
  const said = words
    .filter((line) => !RECORDER_LINE.test(line))
    .slice(0, 5)
    .map((line) => `  ${line}`)
  const head = `${name}: flashed, verified and running after ${(tookMs / 1000).toFixed(1)} s${but}`
  process.stdout.write([head, ...said, ...lines].map((line) => `${line}\n`).join(""))
}

/** For traces of this build when the sources have moved on. A disk that is full keeps no board from its program. */
function keep({ folder }: Config, { name }: Device, bundle: Bundle, code: string): void {
  try {
    keepBuild(folder, name, crc32(code), bundle)
  } catch (error) {
    say(`traces of this build will not be translated once its sources change: ${(error as Error).message}`)
  }
}

/** Whose program is on a board that gets settings alone. */
function onBoard(config: Config, device: Device) {
  let places: Places | undefined
  async function recognise(running: Running): Promise<void> {
    const others = config.devices.filter(({ name }) => name !== device.name)
    const found = await findBuild(running, config, [device])
    const build = "build" in found ? found : await findBuild(running, config, others)
    if (!("build" in build))
      return say(
        `the board's program is none that is known here: an older build of ${device.name}, or another program, which these settings may not fit`,
      )
    places = build.places
    // An older build of the same program may stand under another device's name.
    if (isOf(build.build.bundle.map, device)) return
    throw new Failure(
      `the board runs ${build.build.device}'s program, and not ${device.name}'s, for which these settings are. Flash ${device.name} without --settings-only, or say "motewire flash ${build.build.device} --settings-only".`,
    )
  }
  return { recognise, places: () => places }
}

const isOf = (map: string, { program }: Device): boolean =>
  (JSON.parse(map) as { sources: string[] }).sources.some((source) => resolve(ROOT, source) === program)

/** Ctrl-C ends the command at once, as ever, with a word on what is left. */
function onInterrupt(tellLeft: () => void): () => void {
  function end(code: number): () => void {
    return () => {
      tellLeft()
      process.exit(code)
    }
  }
  const [onInt, onTerm] = [end(130), end(143)]
  process.on("SIGINT", onInt).on("SIGTERM", onTerm)
  return () => {
    process.off("SIGINT", onInt).off("SIGTERM", onTerm)
  }
}

/** Pretokenised for this firmware where it can be: a sixth smaller, and its strings stay in flash. */
function bytesFor(bundle: Bundle, { maxQueued }: Device, chip: ChipState): string {
  const { peak } = forecastOf(bundle.code, maxQueued)
  if (peak > chip.blocks)
    throw new Failure(
      `the program takes about ${peak} blocks of memory, and this board has ${chip.blocks}. Leave parts of it out ("motewire build --why" says what is large).`,
    )
  return hasTokens(chip) ? pretokenise(bundle, chip.version).code : bundle.code
}

const say = (text: string) => void process.stderr.write(`motewire: ${text}\n`)
