import type { Random } from "../clock/random"

/** Trimming words by their datasheet names (BME280 datasheet BST-BME280-DS002, §4.2.2, table 16). */
export type Calibration = Record<(typeof NAMES)[number], number>
const NAMES = [
  ...(["T1", "T2", "T3", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"] as const),
  ...(["H1", "H2", "H3", "H4", "H5", "H6"] as const),
]

/** T and P of the worked example of the BMP280 datasheet (BST-BMP280-DS001, §3.12), H as parts on the market have them. */
export const EXAMPLE: Calibration = {
  T1: 27504,
  T2: 26435,
  T3: -1000,
  P1: 36477,
  P2: -10685,
  P3: 3024,
  P4: 2855,
  P5: 140,
  P6: -7,
  P7: 15500,
  P8: -14600,
  P9: 6000,
  H1: 75,
  H2: 362,
  H3: 0,
  H4: 313,
  H5: 50,
  H6: 30,
}

/** Parts differ by some percent. */
export function drawCalibration(random: Random): Calibration {
  const near = (value: number, share: number) => Math.round(value * random.between(1 - share, 1 + share))
  const { T1, T2, P1, P2, H2, H4 } = EXAMPLE
  return {
    ...EXAMPLE,
    T1: near(T1, 0.02),
    T2: near(T2, 0.01),
    P1: near(P1, 0.02),
    P2: near(P2, 0.02),
    H2: near(H2, 0.03),
    H4: near(H4, 0.05),
  }
}

/** Registers 0x88 to 0xA1 and 0xE1 to 0xE7 as they stand in the part's memory. */
export function calibrationBytes(words: Calibration): Map<number, number> {
  const bytes = new Map<number, number>()
  NAMES.slice(0, 12).forEach((name, i) => {
    bytes.set(0x88 + 2 * i, words[name] & 255)
    bytes.set(0x89 + 2 * i, (words[name] >> 8) & 255)
  })
  const { H1, H2, H3, H4, H5, H6 } = words
  const rest = [H2 & 255, (H2 >> 8) & 255, H3 & 255, (H4 >> 4) & 255, (H4 & 15) | ((H5 & 15) << 4), (H5 >> 4) & 255]
  bytes.set(0xa1, H1)
  ;[...rest, H6 & 255].forEach((byte, i) => bytes.set(0xe1 + i, byte))
  return bytes
}

/** Compensation in floating point (§8.1): temperature as the fine value that the others need, 5120 a °C. */
export function fineTemperature({ T1, T2, T3 }: Calibration, adc: number): number {
  const linear = adc / 16384 - T1 / 1024
  return linear * T2 + (linear / 8) ** 2 * T3
}

/** Pa. */
export function pressurePa(c: Calibration, adc: number, fine: number): number {
  const warmth = fine / 2 - 64000
  const offset = ((warmth * warmth * c.P6) / 32768 + warmth * c.P5 * 2) / 4 + c.P4 * 65536
  const slope = (1 + ((c.P3 * warmth * warmth) / 524288 + c.P2 * warmth) / 524288 / 32768) * c.P1
  const pa = ((1048576 - adc - offset / 4096) * 6250) / slope
  return pa + ((c.P9 * pa * pa) / 2147483648 + (pa * c.P8) / 32768 + c.P7) / 16
}

/** %RH, not limited to 0 to 100. */
export function humidityPct(c: Calibration, adc: number, fine: number): number {
  const warmth = fine - 76800
  const gain = (c.H2 / 65536) * (1 + (c.H6 / 67108864) * warmth * (1 + (c.H3 / 67108864) * warmth))
  const pct = (adc - (c.H4 * 64 + (c.H5 / 16384) * warmth)) * gain
  return pct * (1 - (c.H1 * pct) / 524288)
}

/** The converter's value whose compensation comes nearest to `wanted`; `compensate` rises all the way from 0 to `max`. */
export function invert(compensate: (adc: number) => number, wanted: number, max: number): number {
  let [low, high] = [0, max]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (compensate(middle) <= wanted) low = middle
    else high = middle
  }
  return wanted - compensate(low) <= compensate(high) - wanted ? low : high
}
