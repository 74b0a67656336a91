/**
 * BH1750FVI: light on I2C (ROHM technical note BH1750FVI, revision D). Address 0x23, or 0x5C with ADDR at VCC. 0 to 54,612 lx in steps of
 * 0.8, and in steps of 1.9 up to 121,557 lx, which it finds by itself. A conversion takes 180 ms at most. Worst case of `sample`: 181 ms
 * and 0.9 ms of bus, in two pieces; 284 ms when it turns bright, three attempts 600 ms. 120 µA while it measures, 0.01 µA between.
 * ±20 %. Has no id: another part at the address gives nonsense, or E_NO_ANSWER.
 */
import type { Clock } from "../hal/clock"
import type { I2c } from "../hal/i2c"
import { E_NO_ANSWER, E_RANGE, E_SHORT_FRAME } from "./errors"
import { exchange, type Sensor } from "./i2c/exchange"

/** `error` is 0 and `lux` is set, or it is an E_ constant and `lux` is 0. */
export type OnLight = (error: number, lux: number) => void

const ADDRESS = 0x23
/** One measurement in steps of a count, then power-down. */
const CMD_MEASURE = 0x20
/** The register of the measurement time, in two commands: its upper three bits and its lower five. */
const CMD_TIME_HIGH = 0x40
const CMD_TIME_LOW = 0x60
/** What the register holds after power-up, and the least it may hold: less than half the sensitivity, and the time. */
const TIME_USUAL = 69
const TIME_SHORT = 31
/** At most, at 69; in proportion to the register. */
const MEASURE_MS = 180
const TICK_MS = 1
const FULL = 65535
/** With the short time 27,266 lx, half of the usual range: far enough below its end not to go to and fro. */
const BACK_BELOW = 14700

export function bh1750(bus: I2c, clock: Clock, address?: number): Sensor<OnLight> {
  let time = TIME_USUAL
  let lux: number

  /** One command a message: the part takes no more before a STOP. */
  const tell = (command: number) => bus.write(address || ADDRESS, command)

  return exchange<OnLight>(
    clock,
    (nth) => {
      // The time each time: the part may have lost its power, and its register with it.
      if (!nth)
        return tell(CMD_TIME_HIGH | (time >> 5)) && tell(CMD_TIME_LOW | (time & 31)) && tell(CMD_MEASURE)
          ? (time * MEASURE_MS) / TIME_USUAL + TICK_MS
          : E_NO_ANSWER
      const bytes = bus.read(address || ADDRESS, 2)
      if (!bytes) return E_NO_ANSWER
      if (bytes.length < 2) return E_SHORT_FRAME
      const count = bytes[0]! * 256 + bytes[1]!
      lux = luxOf(count, time)
      if (count < FULL) {
        if (count < BACK_BELOW) time = TIME_USUAL
        return 0
      }
      // The next attempt has it.
      time = TIME_SHORT
      return E_RANGE
    },
    (done, error) => done(error, error ? 0 : lux),
  )
}

/** 1.2 counts per lux at the usual time, in proportion to the time (technical note, "Adjust measurement result"). */
export const luxOf = (count: number, time: number): number => (count * 57.5) / time
