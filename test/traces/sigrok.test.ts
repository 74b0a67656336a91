import { describe, expect, test } from "vitest"
import { UNLESS_SIGROK, WHY_NO_SIGROK } from "../readers/sigrok"
import * as scenes from "./scenes"

/** `npm run bench -- traces` does a thousand. */
const COUNT = 40

describe.skipIf(WHY_NO_SIGROK)(`sigrok reads from the waveforms${UNLESS_SIGROK}`, () => {
  test("what a DHT22 answered", async () => {
    const { held, read } = await scenes.dht22(COUNT)
    expect(held).toHaveLength(2 * COUNT)
    expect(new Set(held).size).toBeGreaterThan(COUNT)
    expect(read).toEqual(held)
  }, 60_000)

  test("what two DS18B20 on one wire converted", async () => {
    const { held, read } = await scenes.ds18b20(COUNT)
    expect(held).toHaveLength(COUNT)
    expect(new Set(held).size).toBeGreaterThan(COUNT / 2)
    expect(read).toEqual(held)
  }, 60_000)

  test("what a SHT3x sent over I2C, byte by byte, and the temperature in it", async () => {
    const { held, read, temperaturesOffC } = await scenes.i2c(COUNT)
    expect(held).toHaveLength(2 * COUNT)
    expect(read).toEqual(held)
    // What is told is rounded to 0.01 °C, what is sent to 0.003.
    expect(temperaturesOffC).toBeLessThan(0.007)
  }, 60_000)

  test("what the LEDs of a WS2812 strip show", async () => {
    const { held, read } = await scenes.ws2812(COUNT)
    expect(held).toHaveLength(8 * COUNT)
    expect(new Set(held).size).toBeGreaterThan(COUNT)
    expect(read).toEqual(held)
  }, 60_000)
})
