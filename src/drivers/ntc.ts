/**
 * NTC thermistor, one half of a voltage divider on an ADC pin; the Beta equation (Vishay NTCLE100E3 datasheet: 10 kOhm at 25 °C, Beta
 * 3977 K, -40 to 125 °C). The equation is within 1 °C of that part from 0 to 100 °C and 2 °C off at -20. ESP32's converter itself is off
 * by up to 6 %, and bent below 0.15 V and above 2.45 V (ESP32 datasheet, ADC characteristics): choose the resistor for the
 * middle of your range.
 *
 * `sample` takes 100 ms: 20 conversions 5 ms apart are whole periods of 50 and of 60 Hz, whose hum cancels. Each blocks for some 0.1 ms.
 * A broken or shorted wire, even for one of the twenty, is E_RANGE, and so is a pin without a converter. 3.3 V over 20 kOhm
 * is 165 µA all the time.
 */
import type { Clock } from "../hal/clock"
import type { AnalogIn } from "../hal/pin"
import { E_BUSY, E_RANGE } from "./errors"

export interface NtcOptions {
  /** Of the thermistor at 25 °C. */
  nominalOhm: number
  /** Kelvin, from its datasheet: B25/85. */
  beta: number
  /** The other half of the divider. */
  resistorOhm: number
  /** What the divider hangs on. */
  supplyV: number
  /** Volts from a reading of 0 to one of 1: 3.3 on ESP32, extended from the straight part. Measure it, its error is that of the temperature. */
  fullScaleV: number
  /** What reads as 0 already: 0.142 on ESP32 (ESP-IDF, esp_adc_cal, 11 dB and a reference of 1.1 V), 0 unless told otherwise. */
  zeroV?: number
  /** The thermistor is between pin and supply, not between pin and ground. */
  isOnSupply?: boolean
}

/** `error` is 0 and `temperatureC` is set, or it is E_RANGE. */
export type OnTemperature = (error: number, temperatureC: number) => void

export interface Ntc {
  /** Reads for 100 ms and calls `done`. Returns 0, or E_BUSY without calling it. */
  sample(done: OnTemperature): number
}

const READINGS = 20
const BETWEEN_MS = 5
/** A share of full scale, or of the supply, that no thermistor within its range gives: less is a short, one less this an open wire. */
const EDGE = 0.01
const ZERO_C_K = 273.15

export function ntc(pin: AnalogIn, clock: Clock, options: NtcOptions): Ntc {
  let left = 0
  let sum = 0
  let done: OnTemperature

  const alarm = clock.alarm(() => {
    const share = pin.read()
    // Once not a number, always not a number: one reading at an edge spoils the sum.
    const valid = isInside(share) ? share : NaN
    sum += valid
    if (--left) return alarm.set(BETWEEN_MS)
    const ratio = ((sum / READINGS) * options.fullScaleV + (options.zeroV || 0)) / options.supplyV
    if (isInside(ratio)) done(0, temperatureOf(ratio, options))
    else done(E_RANGE, 0)
  })

  return {
    sample(onTemperature) {
      if (left) return E_BUSY
      done = onTemperature
      left = READINGS
      sum = 0
      alarm.set(BETWEEN_MS)
      return 0
    },
  }
}

const isInside = (share: number): boolean => share > EDGE && share < 1 - EDGE

/** °C from the pin's voltage as a share of the supply. */
export function temperatureOf(ratio: number, { nominalOhm, beta, resistorOhm, isOnSupply }: NtcOptions): number {
  const odds = ratio / (1 - ratio)
  const ohm = isOnSupply ? resistorOhm / odds : resistorOhm * odds
  return 1 / (1 / (25 + ZERO_C_K) + Math.log(ohm / nominalOhm) / beta) - ZERO_C_K
}
