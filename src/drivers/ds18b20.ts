/**
 * DS18B20 thermometers, any number on one wire (Maxim DS18B20 datasheet 19-7487 rev 6). ROM codes of family 28. One pin with
 * 4.7 kOhm to 3.3 V. -55 to 125 °C, ±0.5 °C from -10 to 85 °C; steps of 0.0625 °C at 12 bits to 0.5 °C at 9.
 * Parasite power: the line is driven high while they convert, 1.5 mA each, so tie their supply pins to ground and keep to ten.
 *
 * Worst case of `sample`: 0.8 s at 12 bits (0.1 s at 9) and 13 ms a part. Starting blocks for 7 ms, each part, one per tick of the
 * clock, for 12 ms and its checksum; `search` for 14 ms a part. Anything wrong is tried twice again: spoilt bytes are read again, a
 * part that lost its power, or says the 85 °C that it wakes with, converts again, 1.6 s in all. 3 to 5.5 V; 1.5 mA while it converts, 1 µA between.
 *
 * The alarm bytes TH and TL hold a mark that the driver sets before each conversion: a part that comes back from a loss of power has
 * those of its EEPROM, so its 85 °C never pass for a reading. The EEPROM is left alone.
 */
import type { Clock } from "../hal/clock"
import type { OneWire } from "../hal/one-wire"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_NOT_READY } from "./errors"

/** `error` is 0 and `temperatureC` is set, or it is an E_ constant; `index` is the part's place in `roms()`. */
export type OnTemperature = (error: number, temperatureC: number, index: number) => void

export interface Ds18b20 {
  /**
   * Lets all parts convert at once and calls `done` for each, in their order. Returns 0, E_BUSY, or E_NO_ANSWER when it knows no
   * part and finds none; both without calling it.
   */
  sample(done: OnTemperature): number
  /** Looks for parts anew: how many there are, or E_BUSY during a sample. The order is that of their ROM codes' bits. */
  search(): number
  /** ROM codes as 16 hexadecimal digits, as printed on no part: take one off to learn whose it is. */
  roms(): string[]
}

const WRITE_SCRATCHPAD = 0x4e
const CONVERT = 0x44
const READ_SCRATCHPAD = 0xbe
/** What TH and TL hold: neither the factory's values (0x4B, 0x46) nor those of a line at one level. */
const MARK = 0x2d
/** 750 ms at 12 bits, half for each bit less (datasheet, AC electrical characteristics), and 6 %: copies of the part are slower. */
const CONVERSION_MS = 800
const WAKING_C = 85
const ATTEMPTS = 3

/** `bits` of resolution, 9 to 12; 12 unless told otherwise. */
export function ds18b20(bus: OneWire, clock: Clock, bits?: number): Ds18b20 {
  const unused = bits ? 12 - bits : 0
  const setup = [WRITE_SCRATCHPAD, MARK, MARK, 0x7f - unused * 32]
  let roms: string[] = []
  /** The part that is read next; below zero when nothing is under way. */
  let at = -1
  let attempt = 0
  let done: OnTemperature

  const alarm = clock.alarm(() => {
    bus.select(roms[at]!)
    bus.write(READ_SCRATCHPAD)
    const pad = bus.read(9)
    // Two's complement in sixteenths, whose lowest bits mean nothing at less than 12 bits (datasheet, figure 4).
    const temperatureC = ((((pad[1]! << 24) | (pad[0]! << 16)) >> (16 + unused)) << unused) / 16
    const error = padError(pad, setup[3]!) || (temperatureC === WAKING_C && attempt < ATTEMPTS - 1 ? E_NOT_READY : 0)
    if (error && ++attempt < ATTEMPTS) return error === E_NOT_READY ? convert() : alarm.set(1)
    const index = at++
    attempt = 0
    if (at < roms.length) alarm.set(1)
    else at = -1
    done(error, error ? 0 : temperatureC, index)
  })

  /** The set-up each time: a part may be new, or back from a loss of power. */
  function convert(): void {
    bus.reset()
    bus.skip()
    bus.write(setup)
    bus.reset()
    bus.skip()
    bus.write(CONVERT, true)
    alarm.set(CONVERSION_MS >> unused)
  }

  function search(): number {
    if (at >= 0) return E_BUSY
    roms = bus.search().filter(isThermometer)
    return roms.length
  }
  search()

  return {
    sample(onTemperature) {
      if (at >= 0) return E_BUSY
      if (!roms.length && !search()) return E_NO_ANSWER
      done = onTemperature
      at = attempt = 0
      convert()
      return 0
    },
    search,
    roms: () => roms,
  }
}

const isThermometer = (rom: string): boolean => rom.startsWith("28")

/** Of the nine bytes of a scratchpad: temperature, TH, TL, configuration, three reserved ones, CRC. */
export function padError(pad: ArrayLike<number>, config: number): number {
  // No configuration is all ones or all zeros: this line was at one level all the time.
  if (!((pad[4]! + 1) & 254)) return E_NO_ANSWER
  let crc = 0
  for (let i = 0; i < 36; i++) {
    if (!(i & 3)) crc ^= pad[i / 4]!
    crc = (crc >> 2) ^ CRC_OF_BITS[crc & 3]!
  }
  if (crc) return E_CHECKSUM
  return pad[2] === MARK && pad[4] === config ? 0 : E_NOT_READY
}

/**
 * x^8 + x^5 + x^4 + 1, lowest bit first (Maxim application note 27), by two bits. By one there were twice as many steps, by four
 * the table is 45 bytes longer. The remainder is zero when the last byte is right.
 */
const CRC_OF_BITS = [0, 70, 140, 202]
