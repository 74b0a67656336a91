import { readFileSync } from "node:fs"
import { join, relative } from "node:path"
import pc from "picocolors"
import { loadConfig, type Config } from "../../config/load"
import { blocksFault } from "../../config/blocks"
import { ConfigError, problemLine } from "../../config/problem"
import { forecastOf } from "../../build/forecast"
import { outputsOf } from "../../build/outputs"
import type { Bundle } from "../../build/program"
import { reasonsFor, sizesOf, type Sizes } from "../../build/why"
import type { Device } from "../../config/device"
import { ROOT } from "../../root"
import { pickDevices } from "../../config/pick"
import { bundlesOf } from "../../build/bundles"
import { bundleTable } from "./table"
import { whyLines } from "./why"
import { writeAll, type OutputFile } from "./write"

export interface BuildCommand {
  config: string
  /** The bundles tell all they do over the console (`motewire record`), and stand beside the others. */
  record?: boolean
  /** Tell what every byte is there for. */
  why?: boolean
}

export async function build(
  { config: file, record = false, why = false }: BuildCommand,
  names: string[],
): Promise<void> {
  const startedMs = performance.now()
  const config = await loadConfig(file)
  const devices = pickDevices(config, names)
  const progress = progressLine(devices.length)
  const bundles = await bundlesOf(devices, (device) => progress.show(device.name), record).finally(() =>
    progress.clear(),
  )
  const faults = tightOf(devices, bundles)
  const fatal = faults.filter(({ isFatal }) => isFatal).map(({ problem }) => problem)
  const shown: string[] = []
  for (const device of devices)
    shown.push(await tableOf(config, device, bundles.get(device.name)!, record, why, fatal.length === 0))
  const tables = shown.join("\n\n")
  if (fatal.length > 0) {
    // What takes the room is told first: a smaller program begins with it.
    process.stdout.write(`${tables}\n\nnothing was written\n`)
    throw new ConfigError(config.file, fatal)
  }
  writeAll(devices.flatMap((device) => filesOf(config, device, bundles.get(device.name)!, record)))
  const pinWarnings = config.warnings.filter(({ key }) =>
    devices.some(({ name }) => key.startsWith(`devices.${name}.`)),
  )
  const warnings = [...pinWarnings, ...faults.map(({ problem }) => problem)].map((warning) =>
    pc.yellow(`warning: ${problemLine(config.file, warning)}`),
  )
  const took = `built ${devices.length} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`
  process.stdout.write(`${[...warnings, tables, "", took].join("\n")}\n`)
}

/** Asked before the files are written: the last build's sizes are among them. */
async function tableOf(
  config: Config,
  device: Device,
  bundle: Bundle,
  record: boolean,
  why: boolean,
  isWritten: boolean,
): Promise<string> {
  const file = isWritten ? shownOutput(outputFile(config, device.name, record)) : undefined
  const reasons = why ? await whyOf(config, device, bundle) : []
  return [...bundleTable(device, bundle, file, pc), ...reasons].join("\n")
}

/** Devices whose program nearly fills the board's memory, or does not fit. */
function tightOf(devices: Device[], bundles: Map<string, Bundle>) {
  return devices.flatMap(({ name, board, maxQueued }) => {
    const { peak } = forecastOf(bundles.get(name)!.code, maxQueued)
    return blocksFault(board, peak, `devices.${name}.program`) ?? []
  })
}

const outputFile = ({ folder }: Config, name: string, record: boolean) =>
  join(folder, "dist", `${name}${record ? ".record" : ""}.js`)
const shownOutput = (path: string) => relative(process.cwd(), path)

/** The bundle carries no comment that points to its map: its bytes are the chip's bytes. */
function filesOf(config: Config, device: Device, bundle: Bundle, record: boolean): OutputFile[] {
  const path = outputFile(config, device.name, record)
  const files = [
    { path, text: bundle.code },
    { path: `${path}.map`, text: bundle.map },
  ]
  // A recording is listened to, not flashed for good.
  if (record) return files
  const { tokens, record: settings, manifest } = outputsOf(config, device, bundle)
  const beside = (ending: string) => path.replace(/\.js$/, ending)
  return [
    ...files,
    { path: beside(".tokens.js"), text: Buffer.from(tokens.code, "latin1") },
    { path: beside(".tokens.js.map"), text: tokens.map },
    { path: beside(".settings.json"), text: json(settings) },
    { path: beside(".manifest.json"), text: json(manifest) },
    { path: sizesFile(path), text: json(sizesOf(bundle)) },
  ]
}

async function whyOf(config: Config, device: Device, bundle: Bundle): Promise<string[]> {
  const last = lastSizes(sizesFile(outputFile(config, device.name, false)))
  return whyLines(await reasonsFor(bundle, device.program, ROOT, last), pc)
}

/** What the last build left for the next to compare with; a file that cannot be read is no build. */
function lastSizes(file: string): Sizes | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Sizes
  } catch {
    return undefined
  }
}

const sizesFile = (path: string) => path.replace(/\.js$/, ".sizes.json")

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`

/** One line on a terminal, overwritten; nothing in a pipe. */
function progressLine(total: number) {
  let count = 0
  const write = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)
  return {
    show: (name: string) => write(`building ${name} (${++count} of ${total})`),
    clear: () => write(""),
  }
}
