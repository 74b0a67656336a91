/**
 * BME280: temperature, relative humidity and pressure on I2C (Bosch BST-BME280-DS002, revision 1.6). Address 0x76, or 0x77 with SDO at VDDIO.
 * -40 to 85 °C, 0 to 100 %, 300 to 1100 hPa. Forced mode, each value measured once, no filter: what the datasheet recommends for weather
 * (3.5.1); a conversion takes 9.3 ms at most. Worst case of `sample`: 11 ms and 2.1 ms of bus, in two pieces, the first time 6 ms; three
 * attempts 80 ms. 0.1 µA asleep, 714 µA at most while it measures. Its readings carry no checksum.
 */
import type { Clock } from "../hal/clock"
import type { I2c } from "../hal/i2c"
import { E_NO_ANSWER, E_NOT_READY, E_RANGE, E_SHORT_FRAME, E_WRONG_PART } from "./errors"
import { exchange, type Sensor } from "./i2c/exchange"

/** `error` is 0 and the values are set, or it is an E_ constant and all are 0. */
export type OnWeather = (error: number, temperatureC: number, humidityPct: number, pressureHpa: number) => void

const ADDRESS = 0x76
const REG_ID = 0xd0
/** A BMP280 has 0x58: it fits the same modules, and measures no humidity. */
const ID = 0x60
/** Two blocks of calibration (table 16). */
const REG_WORDS = 0x88
const WORDS_BYTES = 26
const REG_HUMIDITY = 0xe1
const HUMIDITY_BYTES = 7
/** Register and value by turns: no filter; humidity once; temperature and pressure once, forced (5.4). Humidity counts once 0xF4 is written. */
const CMD_MEASURE = [0xf5, 0x00, 0xf2, 0x01, 0xf4, 0x25]
/** 1.25 ms and 2.3 ms a value, 0.575 more for humidity and pressure each (9.1), and a timer tick. */
const MEASURE_MS = 11
/** From status to humidity, in one piece: so the values belong together (4). */
const REG_STATUS = 0xf3
const FRAME_BYTES = 12
const IS_MEASURING = 0x08
/** Register 0xF4 once the measurement is over: a part that starts anew in the middle has lost it. */
const CTRL_ASLEEP = 0x24
/** 300 to 1100 hPa: the part measures no others (table 3). */
const MIN_HPA = 300
const MAX_HPA = 1100

export function bme280(bus: I2c, clock: Clock, address?: number): Sensor<OnWeather> {
  /** Calibration T1 to T3, P1 to P9 and, in the upper half of the last word, H1; little-endian, as the chip is. */
  let words: Int16Array | undefined
  /** The rest of it: H2 to H6. */
  let humidity: Uint8Array | undefined
  let frame: Uint8Array | undefined
  let fine: number
  let pressureHpa: number

  const read = (register: number, count: number) =>
    bus.write(address || ADDRESS, register) ? bus.read(address || ADDRESS, count) : undefined

  /** 0 when the part is the right one and its calibration is known. */
  function learn(): number {
    const id = read(REG_ID, 1)
    if (!id) return E_NO_ANSWER
    if (id[0] !== ID) return E_WRONG_PART
    const bytes = read(REG_WORDS, WORDS_BYTES)
    humidity = read(REG_HUMIDITY, HUMIDITY_BYTES)
    if (!bytes || !humidity) return E_NO_ANSWER
    words = new Int16Array(bytes.buffer)
    return 0
  }

  function take(): number {
    frame = read(REG_STATUS, FRAME_BYTES)
    if (!frame) return E_NO_ANSWER
    const error = frameError(frame)
    if (error) return error
    fine = fineOf(words!, twenty(frame, 7))
    pressureHpa = pressureOf(words!, fine, twenty(frame, 4))
    if (pressureHpa >= MIN_HPA && pressureHpa <= MAX_HPA) return 0
    // Nothing guards the calibration against a spoilt bit: the next attempt reads it again.
    words = undefined
    return E_RANGE
  }

  return exchange<OnWeather>(
    clock,
    (nth) => {
      if (nth) return take()
      const error = words ? 0 : learn()
      return error || (bus.write(address || ADDRESS, CMD_MEASURE) ? MEASURE_MS : E_NO_ANSWER)
    },
    (done, error) => {
      if (error) done(error, 0, 0, 0)
      else
        done(0, temperatureOf(fine), humidityOf(words!, humidity!, fine, frame![10]! * 256 + frame![11]!), pressureHpa)
    },
  )
}

/** 0 for the registers from status to humidity of a part that has measured. */
export const frameError = (frame: Uint8Array): number =>
  frame.length < FRAME_BYTES ? E_SHORT_FRAME : frame[0]! & IS_MEASURING || frame[1] !== CTRL_ASLEEP ? E_NOT_READY : 0

/** Three bytes, of which the last has four bits. */
const twenty = (frame: Uint8Array, at: number): number =>
  (frame[at]! << 12) + (frame[at + 1]! << 4) + (frame[at + 2]! >> 4)

/** The temperature in steps of 1/5120 °C, which humidity and pressure need (4.2.3). */
export function fineOf(words: Int16Array, raw: number): number {
  const t1 = words[0]! & 0xffff
  const above = (raw >> 4) - t1
  return ((((raw >> 3) - t1 * 2) * words[1]!) >> 11) + ((((above * above) >> 12) * words[2]!) >> 14)
}

/** In steps of 0.01 °C. */
export const temperatureOf = (fine: number): number => ((fine * 5 + 128) >> 8) / 100

/** In steps of 1/1024 %, by the datasheet's integers of 32 bits (4.2.3). `rest` has H2 to H6 as they stand in the part. */
export function humidityOf(words: Int16Array, rest: Uint8Array, fine: number, raw: number): number {
  const t = fine - 76800
  const h1 = (words[12]! >> 8) & 255
  const h2 = ((rest[1]! << 24) >> 16) | rest[0]!
  const h4 = ((rest[3]! << 24) >> 20) | (rest[4]! & 15)
  const h5 = ((rest[5]! << 24) >> 20) | (rest[4]! >> 4)
  const h6 = (rest[6]! << 24) >> 24
  const scale = ((((t * h6) >> 10) * (((t * rest[2]!) >> 11) + 32768)) >> 10) + 2097152
  let x = ((raw * 16384 - h4 * 1048576 - h5 * t + 16384) >> 15) * ((scale * h2 + 8192) >> 14)
  x -= ((((x >> 15) * (x >> 15)) >> 7) * h1) >> 4
  return x < 0 ? 0 : x > 419430400 ? 100 : (x >> 12) / 1024
}

/**
 * In hPa; not finite without a calibration. By the datasheet's formula for floating point (8.1), since its integers need 64 bits:
 * the two differ by less than 0.01 Pa, and the integers of 32 bits by 3 Pa.
 */
export function pressureOf(words: Int16Array, fine: number, raw: number): number {
  const t = fine / 2 - 64000
  const offset = (((t * t * words[8]!) / 32768 + t * words[7]! * 2) / 4 + words[6]! * 65536) / 4096
  const scale = (1 + ((words[5]! * t * t) / 524288 + words[4]! * t) / 17179869184) * (words[3]! & 0xffff)
  const pa = ((1048576 - raw - offset) * 6250) / scale
  return (pa + ((words[11]! * pa * pa) / 2147483648 + (pa * words[10]!) / 32768 + words[9]!) / 16) / 100
}
