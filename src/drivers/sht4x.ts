/**
 * SHT40, SHT41, SHT45: temperature and relative humidity on I2C (Sensirion SHT4x datasheet, version 6.5). Address 0x44, some
 * orders 0x45 or 0x46. -40 to 125 °C, 0 to 100 %. At high precision a conversion takes 8.3 ms at most. Worst case of `sample`:
 * 10 ms and 0.9 ms of bus, in two pieces; three attempts 75 ms. 0.08 µA idle, 320 µA while it measures.
 */
import type { Clock } from "../hal/clock"
import type { I2c } from "../hal/i2c"
import type { OnReading } from "./air/reading"
import type { Sensor } from "./i2c/exchange"
import { wordsSensor } from "./sensirion/words"

export type { OnReading }

const ADDRESS = 0x44
/** High precision (4.5). */
const CMD_MEASURE = 0xfd
/** 8.3 ms and a timer tick. */
const MEASURE_MS = 10
/** 200 mW for a second, and a measurement right before it ends. */
const CMD_HEAT = 0x39
/** A tenth more than a second (table 4), and the measurement. */
const HEAT_MS = 1120

export const sht4x = (bus: I2c, clock: Clock, address?: number): Sensor<OnReading> =>
  wordsSensor(bus, clock, address || ADDRESS, CMD_MEASURE, MEASURE_MS, humidityOf)

/**
 * A sensor whose sample heats the part first, which takes 1.1 s and some 60 mA of 3.3 V: to drive off dew and what creeps in at high
 * humidity. Its reading is that of the hot part. At most every 10 s (datasheet 4.9), below 65 °C, and not together with a sample of the plain one.
 */
export const sht4xHeater = (bus: I2c, clock: Clock, address?: number): Sensor<OnReading> =>
  wordsSensor(bus, clock, address || ADDRESS, CMD_HEAT, HEAT_MS, humidityOf)

/** -6 to 119 %, what lies outside of 0 to 100 being as dry or as wet as it gets (4.6). */
export function humidityOf(word: number): number {
  const humidityPct = (word * 125) / 65535 - 6
  return humidityPct < 0 ? 0 : humidityPct > 100 ? 100 : humidityPct
}
