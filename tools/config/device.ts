import { statSync } from "node:fs"
import { resolve } from "node:path"
import type { SettingValue } from "../../src/device/settings-schema"
import type { Description } from "../build/describe"
import { BuildError, type Problem as BuildProblem } from "../build/problem"
import type { Board } from "./boards"
import { resolveParts, type Part } from "./parts"
import type { Problem } from "./problem"
import { resolveSettings, type SettingsSchema } from "./settings"
import { wiringFaults } from "./wiring"
import type { DeviceShape } from "./shape"

/** One device, checked: settings as Storage holds them, pins as numbers. */
export interface Device {
  name: string
  board: Board
  /** Absolute path of the program's file, and as the user wrote it. */
  program: string
  programAsWritten: string
  serialPort?: string
  schema: SettingsSchema
  /** The program dials every broker, not the first alone. */
  isForSeveralBrokers: boolean
  /** Slots of its queue, where the program says so. */
  maxQueued?: number
  settings: Record<string, SettingValue>
  parts: Part[]
}

export type Describe = (programFile: string) => Promise<Description>

interface DeviceCheck {
  /** Undefined when a problem was found. */
  device?: Device
  problems: Problem[]
  warnings: Problem[]
}

export async function checkDevice(
  name: string,
  shape: DeviceShape,
  boards: Board[],
  folder: string,
  describe: Describe,
): Promise<DeviceCheck> {
  const prefix = `devices.${name}`
  const program = resolve(folder, shape.program)
  const learnt = await settingsOf(program, `${prefix}.program`, shape.program, describe)
  if (!learnt.description) return { problems: learnt.problems, warnings: [] }
  const { settings: schema, isForSeveralBrokers, maxQueued } = learnt.description
  const board = boards.find((each) => each.name === shape.board)!
  const settings = resolveSettings(schema, shape.settings, board, `${prefix}.settings`, shape.parts)
  const place = { board, schema, values: settings.values, prefix }
  const { parts, problems: unwired } = resolveParts(shape.parts, place)
  const wiring = wiringFaults(parts, place)
  const problems = [...settings.problems, ...unwired, ...wiring.problems]
  const warnings = [...consoleDoubts(board, prefix), ...settings.warnings, ...wiring.warnings]
  if (problems.length > 0) return { problems, warnings }
  const device: Device = {
    name,
    board,
    program,
    programAsWritten: shape.program,
    serialPort: shape.port,
    schema,
    isForSeveralBrokers,
    maxQueued,
    settings: settings.values,
    parts,
  }
  return { device, problems, warnings }
}

/** The simulator does not mind; to flash such a board takes another cable. */
function consoleDoubts({ name, chip, usb, pins }: Board, prefix: string): Problem[] {
  if (usb.connectors.includes(usb.console)) return []
  const lines = Object.keys(pins).filter((pin) => pins[pin].console)
  const reason = `the USB connector of ${name} ends at a serial bridge, and Espruino for ${chip} listens at the chip's own USB`
  return [{ key: `${prefix}.board`, reason, remedy: `To flash programs wire a USB cable to ${lines.join(" and ")}.` }]
}

async function settingsOf(file: string, key: string, written: string, describe: Describe) {
  const fail = (problems: Problem[]) => ({ description: undefined, problems })
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile()) {
    const reason = found?.isDirectory() ? `"${written}" is a folder` : `there is no file "${written}"`
    const remedy = found ? "Name the program's file." : "Paths start at the folder of this config file."
    return fail([{ key, reason, remedy }])
  }
  try {
    return { description: await describe(file), problems: [] }
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    return fail(error.problems.map((problem) => fromBuild(key, problem)))
  }
}

/** A program that does not build has no settings to read: the build's own place and remedy are told. */
function fromBuild(key: string, { file, line, column, reason, remedy }: BuildProblem): Problem {
  const place = line > 0 ? `${file}:${line}:${column}` : file
  return { key, reason: `${place}: ${reason.replace(/\.$/, "")}`, remedy }
}
