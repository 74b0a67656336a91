import { readdirSync } from "node:fs"
import { DRIVERS, runDriver } from "../../test/vm/drivers"
import { INTERPRETERS, type Interpreter } from "../../test/vm/interpreter"
import { buildProgram } from "../build/program"
import { grown } from "./growth"
import { atMost, note, print, type Row } from "./report"

const BAR_BYTES = 700
/** Three values, each with a formula of its own. */
const BARS: Record<string, number> = { bme280: 1400 }
const SAMPLES = 10_000

/** One a file; what a family shares stands in folders. */
export const driverNames = (): string[] =>
  readdirSync("src/drivers")
    .filter((name) => name.endsWith(".ts") && name !== "errors.ts")
    .map((name) => name.replace(".ts", ""))
    .sort()

export const barOf = (driver: string): number => BARS[driver] ?? BAR_BYTES

/** Bytes of a bundle that come with a driver: its own, and all it shares with others. */
export async function driverBytes(driver: string): Promise<number> {
  const { modules } = await buildProgram(`test/vm/programs/drivers/${driver}.ts`)
  return modules.filter(({ file }) => /^src\/(drivers|util)\//.test(file)).reduce((sum, { bytes }) => sum + bytes, 0)
}

export async function drivers(): Promise<void> {
  const rows: Row[] = []
  for (const name of driverNames()) rows.push(atMost(name, await driverBytes(name), barOf(name), "bytes"))
  print("Drivers in the bundle, with what they share", rows)
  if (!INTERPRETERS.length) note("blocks not measured: no Espruino for Linux")
  for (const interpreter of INTERPRETERS) await blocks(interpreter)
}

async function blocks(interpreter: Interpreter): Promise<void> {
  const rows: Row[] = []
  for (const driver of DRIVERS) {
    const run = await runDriver(interpreter, driver, SAMPLES)
    rows.push({ what: driver.program, figure: `${run.blocks} a sample, ${run.rest} at rest` })
    rows.push(grown(`  growth over ${SAMPLES} samples`, run.growth))
    rows.push(grown(`  growth over ${SAMPLES / 10} without the part`, run.missing))
  }
  print(`Blocks of the drivers, ${interpreter.name}`, rows)
}
