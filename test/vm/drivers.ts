import { readFileSync } from "node:fs"
import { buildProgram } from "../../tools/build/program"
import { Chip, type Interpreter } from "./interpreter"

/** What a driver's program does on the interpreter, `samples` times and ten; blocks are JsVars. */
export interface DriverRun {
  /** Blocks that the driver holds while nothing happens, its functions included; code stands in Storage, as on the chip. */
  rest: number
  /** Blocks allocated by a sample from the call to its answer, adapter and a clock of one alarm included; 0 where the build does not count. */
  blocks: number
  /** Blocks in use after `samples` less those after ten; and the same while the part is missing, for a tenth as many. */
  growth: number
  missing: number
  /** Samples that ended well and, without the part, badly; and the values of the last good one. */
  good: number
  bad: number
  values: number[]
}

/** Each driver's program in test/vm/programs/drivers, its fake in test/vm/parts, and what it must read from it. */
export interface DriverCase {
  program: string
  /** Run in this order before the bundle. */
  fakes: string[]
  /** None for a driver that has nothing to tell. */
  values?: number[]
}

/** A new driver is one line here, one program and one fake. */
export const DRIVERS: readonly DriverCase[] = [
  { program: "aht20", fakes: ["i2c", "aht20"], values: [25, 50] },
  { program: "bh1750", fakes: ["i2c", "bh1750"], values: [250] },
  { program: "bme280", fakes: ["i2c", "bme280"], values: [25.08, 45.77, 1006.53] },
  { program: "bulb-dimmer", fakes: [] },
  { program: "bulb-pixels", fakes: [] },
  { program: "bulb-pwm", fakes: [] },
  { program: "bulb-relay", fakes: [] },
  { program: "bulb-rgbw", fakes: [] },
  { program: "bulb-strip", fakes: [] },
  { program: "bulb-white", fakes: [] },
  { program: "button", fakes: [] },
  { program: "dht11", fakes: ["dht", "dht11"], values: [24, 53] },
  { program: "dht22", fakes: ["dht", "dht22"], values: [35.1, 65.2] },
  { program: "ds18b20", fakes: ["ds18b20"], values: [25.06, 0] },
  { program: "ntc", fakes: ["ntc"], values: [25] },
  { program: "pir", fakes: [] },
  { program: "sht3x", fakes: ["i2c", "sht3x"], values: [25, 40] },
  { program: "sht4x", fakes: ["i2c", "sht4x"], values: [25, 44] },
  { program: "timed-relay", fakes: [] },
]

/** Boots a chip with the fakes and the driver's bundle in Storage and lets it sample. */
export async function runDriver(interpreter: Interpreter, driver: DriverCase, samples: number): Promise<DriverRun> {
  const { code } = await buildProgram(`test/vm/programs/drivers/${driver.program}.ts`)
  const scripts = [...driver.fakes.map((fake) => `test/vm/parts/${fake}.js`), "test/vm/sampling.js"]
  const boot = [`var SAMPLES=${samples};`, ...scripts.map((file) => readFileSync(file, "latin1"))].join("\n")
  const chip = new Chip(interpreter)
  try {
    await chip.install({ ".boot0": boot, ".bootcde": code })
    chip.boot()
    const line = await chip.printed(/^<results>/, 600_000)
    return JSON.parse(line.replace("<results>", "")) as DriverRun
  } finally {
    chip.close()
  }
}
