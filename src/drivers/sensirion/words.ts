/** What SHT3x and SHT4x share: two words with a CRC each, temperature before humidity, and the time until they are there. */
import type { Clock } from "../../hal/clock"
import type { I2c } from "../../hal/i2c"
import { crc8 } from "../../util/crc8"
import type { OnReading } from "../air/reading"
import { E_CHECKSUM, E_NO_ANSWER, E_NOT_READY, E_SHORT_FRAME } from "../errors"
import { exchange, type Sensor } from "../i2c/exchange"

/** A word of two bytes and its CRC. */
const WORD_BYTES = 3
const READING_BYTES = 6

/**
 * Sends `command`, waits, reads. While it measures, such a part acknowledges no read: nobody else does that, so a read that is
 * refused behind a command that was taken is E_NOT_READY.
 */
export const wordsSensor = (
  bus: I2c,
  clock: Clock,
  address: number,
  command: number | number[],
  waitMs: number,
  humidityOf: (word: number) => number,
): Sensor<OnReading> => {
  let bytes: Uint8Array | undefined
  return exchange<OnReading>(
    clock,
    (nth) => {
      if (!nth) return bus.write(address, command) ? waitMs : E_NO_ANSWER
      bytes = bus.read(address, READING_BYTES)
      return bytes ? wordsError(bytes) : E_NOT_READY
    },
    (done, error) => {
      if (error) done(error, 0, 0)
      else done(0, temperatureOf(wordAt(bytes!, 0)), humidityOf(wordAt(bytes!, WORD_BYTES)))
    },
  )
}

/** 0 for two whole words with the right checksums. */
export const wordsError = (bytes: Uint8Array): number =>
  bytes.length < READING_BYTES
    ? E_SHORT_FRAME
    : crc8(bytes, 0, WORD_BYTES) || crc8(bytes, WORD_BYTES, WORD_BYTES)
      ? E_CHECKSUM
      : 0

export const wordAt = (bytes: Uint8Array, at: number): number => bytes[at]! * 256 + bytes[at + 1]!

/** -45 to 130 °C over all 16 bits (SHT3x-DIS datasheet 4.13, SHT4x datasheet 4.6). */
export const temperatureOf = (word: number): number => (word * 175) / 65535 - 45
