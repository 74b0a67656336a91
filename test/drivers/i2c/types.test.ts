import { expect, test } from "vitest"
import { bh1750 } from "../../../src/drivers/bh1750"
import { bme280 } from "../../../src/drivers/bme280"
import { sht3x, sht3xCommand } from "../../../src/drivers/sht3x"
import type { Clock } from "../../../src/hal/clock"
import type { I2c } from "../../../src/hal/i2c"
import type { Wire } from "../../../src/hal/pin"

/** Checked by tsc, never run: each line under an `@ts-expect-error` is a mistake the editor must show. */
export function misuse(bus: I2c, clock: Clock, line: Wire): unknown[] {
  return [
    // @ts-expect-error a sensor needs its clock
    () => sht3x(bus),
    // @ts-expect-error the bus comes first
    () => sht3x(clock, bus),
    // @ts-expect-error a wire is no bus
    () => bme280(line, clock),
    // @ts-expect-error an address is a number
    () => bme280(bus, clock, "0x77"),
    // @ts-expect-error somebody has to hear of the reading
    () => sht3x(bus, clock).sample(),
    // @ts-expect-error an error is a number, not an exception
    () => sht3x(bus, clock).sample((error: Error) => error),
    // @ts-expect-error light is one value
    () => bh1750(bus, clock).sample((error: number, lux: number, humidityPct: number) => [error, lux, humidityPct]),
    // @ts-expect-error a command is one of the constants
    () => sht3xCommand(bus, "HEATER_ON"),
  ]
}

test("is compiled with all its mistakes", () => {
  expect(misuse).toBeTypeOf("function")
})
