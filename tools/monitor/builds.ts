import { existsSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { crc32 } from "../../src/util/crc32"
import { pretokenise } from "../build/pretokenise"
import type { Code } from "../build/program"
import { bundlesOf } from "../build/bundles"
import type { Device } from "../config/device"
import type { Config } from "../config/load"
import { keptFile } from "../flash/kept"
import { placesOf, type Places } from "./places"
import type { Running } from "./running"

/** A build that a board may run. */
interface Build {
  device: string
  /** Where it is from, for a person. */
  from: string
  bundle: Code
}

/** The build that a board runs, or why there is none. */
export type Found = { build: Build; places: Places } | { why: string }

/**
 * Looks for the very bytes that a board runs: in dist/, among what `motewire flash` kept of its last ones, then among what the
 * sources give now. The devices in order of preference.
 */
export async function findBuild(running: Running, config: Config, devices: Device[]): Promise<Found> {
  const onDisk = devices.flatMap((device) => fromDist(config, device) ?? [])
  const flashed = devices.flatMap(({ name }) => fromFile(name, keptFile(config.folder, name, running.crc)) ?? [])
  const found = (await among([...onDisk, ...flashed], running)) ?? (await among(await fromSources(devices), running))
  return found ?? { why: another(devices, onDisk) }
}

async function among(builds: Build[], running: Running): Promise<Found | undefined> {
  for (const build of builds) {
    const code = bytesOf(build.bundle, running)
    const { file, version: firmware } = running
    // A map that cannot be read leads nowhere: the sources may.
    const places = code && (await placesOf({ bundle: build.bundle, code, file, firmware }).catch(() => undefined))
    if (places) return { build, places }
  }
  return undefined
}

/** The bundle in the form that the board has; undefined when it is another. */
function bytesOf(bundle: Code, { crc, version }: Running): string | undefined {
  if (crc32(bundle.code) === crc) return bundle.code
  // A version that the tokeniser does not know is one that no flash wrote tokens for.
  if (!/^\d+v\d+(\.\d+)?$/.test(version)) return undefined
  const { code } = pretokenise(bundle, version)
  return crc32(code) === crc ? code : undefined
}

const fromDist = ({ folder }: Config, { name }: Device) => fromFile(name, join(folder, "dist", `${name}.js`))

function fromFile(name: string, file: string): Build | undefined {
  if (!existsSync(file) || !existsSync(`${file}.map`)) return undefined
  const bundle = { code: readFileSync(file, "latin1"), map: readFileSync(`${file}.map`, "utf8") }
  return { device: name, from: relative(process.cwd(), file), bundle }
}

/** What does not build now is no candidate. */
async function fromSources(devices: Device[]): Promise<Build[]> {
  const builds: Build[] = []
  const programs = new Set<string>()
  for (const device of devices) {
    if (programs.has(device.program)) continue
    programs.add(device.program)
    const bundle = await bundlesOf([device]).catch(() => undefined)
    if (bundle) builds.push({ device: device.name, from: device.programAsWritten, bundle: bundle.get(device.name)! })
  }
  return builds
}

function another(devices: Device[], onDisk: Build[]): string {
  const names = devices.map(({ name }) => name).join(" ")
  const places = onDisk.length ? onDisk.map(({ from }) => from).join(", ") : "the sources"
  return `the board runs another build than ${places}: traces are not translated (motewire build ${names}, then motewire flash)`
}
