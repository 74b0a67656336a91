import { describe, expect, it } from "vitest"
import { driverNames } from "../../tools/bench/drivers"
import { driverTable } from "../budget/driver-table"
import { DRIVERS, runDriver } from "./drivers"
import { INTERPRETERS, WHY_NO_INTERPRETER } from "./interpreter"

// The chip-like build where there is one: its blocks are those of the chip. `npm run bench -- drivers` has 10,000 samples on both.
const [interpreter] = INTERPRETERS.toSorted((a, b) => Number(b.isChipLike) - Number(a.isChipLike))
const SAMPLES = 2000
/** Counts differ a little with the length of names in the bundle. */
const SLACK = 0.05

it("runs every driver of src/drivers", () => {
  expect(DRIVERS.map(({ program }) => program).sort()).toEqual(driverNames())
})

describe.skipIf(WHY_NO_INTERPRETER)(
  `drivers ${WHY_NO_INTERPRETER ? `(skipped: ${WHY_NO_INTERPRETER})` : `on ${interpreter!.name}`}`,
  () => {
    it.each(DRIVERS)(
      "$program reads its part, and holds afterwards what it held before",
      { timeout: 120_000 },
      async (driver) => {
        const run = await runDriver(interpreter!, driver, SAMPLES)
        expect([run.growth, run.missing], "blocks more than before, with the part and without").toEqual([0, 0])
        if (driver.values) {
          expect(run.good).toBeGreaterThan(SAMPLES)
          driver.values.forEach((value, nth) => expect(run.values[nth]).toBeCloseTo(value, 1))
          expect(run.bad).toBe(SAMPLES / 10)
        }
        if (!interpreter!.isChipLike) return
        const { blocks, rest } = driverTable().get(driver.program)!
        expect(run.blocks, "blocks a sample, against docs/drivers.md").toBeLessThanOrEqual(blocks * (1 + SLACK))
        expect(run.blocks, "let the table have it").toBeGreaterThanOrEqual(blocks * (1 - SLACK))
        expect(Math.abs(run.rest - rest), `${run.rest} blocks at rest, ${rest} in docs/drivers.md`).toBeLessThanOrEqual(
          3,
        )
      },
    )
  },
)
