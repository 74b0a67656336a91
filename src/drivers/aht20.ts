/**
 * AHT20 (and AHT21, DHT20): temperature and relative humidity on I2C (Aosong AHT20 product manual, version 1.1). Address 0x38, no other.
 * -40 to 85 °C, 0 to 100 %, steps of 0.0002 °C and 0.0001 %. A conversion takes 80 ms. Worst case of `sample`: 92 ms and 1.4 ms of bus, in
 * three pieces; three attempts 320 ms. 0.25 µA idle, 980 µA while it measures (AHT21's manual). Has no id: another part at 0x38 is E_CHECKSUM.
 */
import type { Clock } from "../hal/clock"
import type { I2c } from "../hal/i2c"
import { crc8 } from "../util/crc8"
import type { OnReading } from "./air/reading"
import { E_CHECKSUM, E_NO_ANSWER, E_NOT_READY, E_SHORT_FRAME } from "./errors"
import { exchange, type Sensor } from "./i2c/exchange"

export type { OnReading }

const ADDRESS = 0x38
/** Loads the calibration; needed after power-up of parts whose status says so (5.4). */
const CMD_INITIALISE = [0xbe, 0x08, 0x00]
const INITIALISE_MS = 11
const CMD_MEASURE = [0xac, 0x33, 0x00]
/** 80 ms (5.4) and a timer tick. */
const MEASURE_MS = 81
/** Status bits (table 10). */
const IS_BUSY = 0x80
const IS_CALIBRATED = 0x08
/** Status, 20 bits of humidity, 20 of temperature, CRC. */
const FRAME_BYTES = 7
/** 2^20: a full scale. */
const SCALE = 1048576

export function aht20(bus: I2c, clock: Clock): Sensor<OnReading> {
  let bytes: Uint8Array | undefined
  /** A measurement was asked for in the step before. */
  let isAsked = false

  return exchange<OnReading>(
    clock,
    (nth) => {
      bytes = bus.read(ADDRESS, isAsked ? FRAME_BYTES : 1)
      if (isAsked) {
        isAsked = false
        return bytes ? frameError(bytes) : E_NO_ANSWER
      }
      if (!bytes) return E_NO_ANSWER
      if (bytes[0]! & IS_CALIBRATED) {
        isAsked = bus.write(ADDRESS, CMD_MEASURE)
        return isAsked ? MEASURE_MS : E_NO_ANSWER
      }
      return nth || !bus.write(ADDRESS, CMD_INITIALISE) ? E_NOT_READY : INITIALISE_MS
    },
    (done, error) => {
      if (error) done(error, 0, 0)
      else done(0, temperatureOf(bytes!), humidityOf(bytes!))
    },
  )
}

/** 0 for a whole frame with the right checksum of a part that is calibrated and done. */
export const frameError = (bytes: Uint8Array): number =>
  bytes.length < FRAME_BYTES
    ? E_SHORT_FRAME
    : (bytes[0]! & (IS_BUSY | IS_CALIBRATED)) !== IS_CALIBRATED
      ? E_NOT_READY
      : crc8(bytes, 0, FRAME_BYTES)
        ? E_CHECKSUM
        : 0

/** -50 to 150 °C over 20 bits (6.2). */
export const temperatureOf = (bytes: Uint8Array): number =>
  (((bytes[3]! & 15) << 16) + (bytes[4]! << 8) + bytes[5]!) * (200 / SCALE) - 50

/** 0 to 100 % over 20 bits (6.1). */
export const humidityOf = (bytes: Uint8Array): number =>
  ((bytes[1]! << 12) + (bytes[2]! << 4) + (bytes[3]! >> 4)) * (100 / SCALE)
