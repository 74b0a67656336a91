/**
 * SHT30, SHT31, SHT35: temperature and relative humidity on I2C (Sensirion SHT3x-DIS datasheet, version 5). Address 0x44, or 0x45
 * with ADDR at VDD. -40 to 125 °C, 0 to 100 %. At high repeatability a conversion takes 15.5 ms at most. Worst case of `sample`: 17 ms
 * and 1 ms of bus, in two pieces; three attempts 100 ms. 0.2 µA idle, 600 µA while it measures, 45 µA between periodic measurements.
 */
import type { Clock } from "../hal/clock"
import type { I2c } from "../hal/i2c"
import { crc8 } from "../util/crc8"
import type { OnReading } from "./air/reading"
import { E_CHECKSUM, E_NO_ANSWER } from "./errors"
import type { Sensor } from "./i2c/exchange"
import { wordAt, wordsSensor } from "./sensirion/words"

export type { OnReading }

const ADDRESS = 0x44
/** High repeatability, no clock stretching: a chip that waits with the clock held waits with everything else (table 9). */
const CMD_MEASURE = [0x24, 0x00]
/** 15 ms (table 4), 15.5 below 2.4 V (version 7), and a timer tick. */
const MEASURE_MS = 17

/** Single shot: the part sleeps between samples. */
export const sht3x = (bus: I2c, clock: Clock, address?: number): Sensor<OnReading> =>
  wordsSensor(bus, clock, address || ADDRESS, CMD_MEASURE, MEASURE_MS, humidityOf)

/** 0 to 100 % over all 16 bits (4.13). */
export const humidityOf = (word: number): number => (word * 100) / 65535

const CMD_FETCH = [0xe0, 0x00]
/** The datasheet wants 1 ms between a command and what follows (4.4). */
const COMMAND_MS = 2

/**
 * The part measures by itself, and `sample` fetches its newest reading in 2 ms. E_NOT_READY when there is none that was not fetched
 * before: sample less often than it measures. Start it first, and again when E_NOT_READY stays: a part that lost its power sleeps.
 */
export const sht3xPeriodic = (bus: I2c, clock: Clock, address?: number): Sensor<OnReading> =>
  wordsSensor(bus, clock, address || ADDRESS, CMD_FETCH, COMMAND_MS, humidityOf)

/** How often, at high repeatability (table 10). At 10 Hz the part warms itself. */
export const EVERY_2_S = 0x2032
export const EVERY_1_S = 0x2130
export const EVERY_500_MS = 0x2236
export const EVERY_250_MS = 0x2334
export const EVERY_100_MS = 0x2737
/** Ends it; the part answers single shots again after 1 ms (4.8). */
export const STOP = 0x3093
/** 4 to 33 mW, a few degrees: for a look at whether the part lives, and to drive off dew. Readings are those of the hot part (4.10). */
export const HEATER_ON = 0x306d
export const HEATER_OFF = 0x3066

/** Gives the part one of the commands above. 0, or E_NO_ANSWER: it measures just now, or it is not there. */
export const sht3xCommand = (bus: I2c, command: number, address?: number): number =>
  bus.write(address || ADDRESS, [command >> 8, command & 255]) ? 0 : E_NO_ANSWER

/** Bits of the status register (table 18). */
export const IS_HEATING = 0x2000
/** The part has started anew since its status was cleared: by power, a reset, or a command. */
export const WAS_RESET = 0x0010

const CMD_STATUS = [0xf3, 0x2d]

/** The status register, 0 to 65535, or E_NO_ANSWER or E_CHECKSUM. Blocks for 0.7 ms. */
export function sht3xStatus(bus: I2c, address?: number): number {
  const bytes = bus.write(address || ADDRESS, CMD_STATUS) && bus.read(address || ADDRESS, 3)
  if (!bytes) return E_NO_ANSWER
  return crc8(bytes, 0, 3) ? E_CHECKSUM : wordAt(bytes, 0)
}
