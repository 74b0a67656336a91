import type { Random } from "../clock/random"

/**
 * ADC1 of an ESP32, from volts to a raw reading of 12 bits. Source: the curves by which Espressif's own calibration turns raw
 * readings into volts (ESP-IDF, components/esp_adc_cal/esp_adc_cal_esp32.c), read the other way, for a reference of 1100 mV. Chips
 * differ: their references lie between 1000 and 1200 mV, and so do their readings, by as many percent. Every board here has 1100 mV.
 */
export type Attenuation = "0dB" | "2.5dB" | "6dB" | "11dB"

const MAX_RAW = 4095
const REFERENCE_MV = 1100
/** Millivolts are raw x reference x scale / 2^28, and an offset: below it a reading is 0. */
const SCALE: Record<Attenuation, number> = { "0dB": 57_431, "2.5dB": 76_236, "6dB": 105_481, "11dB": 196_602 }
const OFFSET_MV: Record<Attenuation, number> = { "0dB": 75, "2.5dB": 78, "6dB": 107, "11dB": 142 }

/** At 11 dB the line bends from this reading on: the volts there, in steps of 64, for references of 1000 and of 1200 mV. */
const BEND_RAW = 2880
const BEND_STEP = 64
const BEND_1000_MV = [
  2240, 2297, 2352, 2405, 2457, 2512, 2564, 2616, 2664, 2709, 2754, 2795, 2832, 2868, 2903, 2937, 2969, 3000, 3030,
  3060,
]
const BEND_1200_MV = [
  2667, 2706, 2745, 2780, 2813, 2844, 2873, 2901, 2928, 2956, 2982, 3006, 3032, 3059, 3084, 3110, 3135, 3160, 3184,
  3209,
]
const BEND_MV = BEND_1000_MV.map((low, i) => (low + BEND_1200_MV[i]) / 2)

/** ESP32-C3, from its table of measurable ranges (ESP-IDF 4.4, Analog to Digital Converter): taken as full scale, an estimate. */
const C3_FULL_SCALE_MV: Record<Attenuation, number> = { "0dB": 750, "2.5dB": 1050, "6dB": 1300, "11dB": 2500 }

/** Standard deviation of a reading in LSB. Estimate: Espressif shows some 10 to 20 LSB from peak to peak without averaging. */
const NOISE_LSB = 4

/** 0 to 4095, fractions included. */
export function rawOf(volts: number, attenuation: Attenuation, chip: string): number {
  const mv = volts * 1000
  if (chip === "ESP32-C3") return clip((mv / C3_FULL_SCALE_MV[attenuation]) * MAX_RAW)
  if (attenuation === "11dB" && mv >= BEND_MV[0]) return clip(onBend(mv))
  const line = (mv - OFFSET_MV[attenuation]) / ((REFERENCE_MV * SCALE[attenuation]) / 2 ** 28)
  return clip(attenuation === "11dB" ? Math.min(line, BEND_RAW) : line)
}

/** What one conversion is off by, in LSB: four draws make a bell that ends at some 3.5 deviations. */
export function adcNoise(random: Random): number {
  let sum = 0
  for (let i = 0; i < 4; i++) sum += random.next()
  return (sum - 2) * Math.sqrt(3) * NOISE_LSB
}

function onBend(mv: number): number {
  const step = BEND_MV.findIndex((above) => mv < above) - 1
  if (step < 0) return MAX_RAW
  const share = (mv - BEND_MV[step]) / (BEND_MV[step + 1] - BEND_MV[step])
  return BEND_RAW + BEND_STEP * (step + share)
}

const clip = (raw: number): number => Math.min(MAX_RAW, Math.max(0, raw))
