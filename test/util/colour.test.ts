import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { hsToRgb, kelvinToRgb } from "../../src/util/colour"
import { CIE_1931 } from "../vectors/cie-1931"

describe("hue and saturation", () => {
  test.each([
    ["red", 0, 100, [255, 0, 0]],
    ["yellow", 60, 100, [255, 255, 0]],
    ["green", 120, 100, [0, 255, 0]],
    ["cyan", 180, 100, [0, 255, 255]],
    ["blue", 240, 100, [0, 0, 255]],
    ["magenta", 300, 100, [255, 0, 255]],
    ["red again", 360, 100, [255, 0, 0]],
    ["orange", 30, 100, [255, 127.5, 0]],
    ["white, whatever the hue", 217, 0, [255, 255, 255]],
    ["half saturated blue", 240, 50, [127.5, 127.5, 255]],
    ["a hue before the first", -60, 100, [255, 0, 255]],
    ["a hue of the third turn", 840, 100, [0, 255, 0]],
  ])("%s", (_, hue, saturation, expected) => {
    hsToRgb(hue, saturation, [0, 0, 0]).forEach((channel, i) => expect(channel).toBeCloseTo(expected[i]!, 9))
  })

  test("agree with the definition of HSV read backwards, one channel always full", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359 }), fc.integer({ min: 1, max: 100 }), (hue, saturation) => {
        const [red, green, blue] = hsToRgb(hue, saturation, []) as [number, number, number]
        const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)]
        expect(most).toBe(255)
        expect((100 * (most - least)) / most).toBeCloseTo(saturation, 6)
        const spread = most - least
        const sixth =
          most === red
            ? (green - blue) / spread
            : most === green
              ? 2 + (blue - red) / spread
              : 4 + (red - green) / spread
        const apart = (60 * sixth - hue + 720) % 360
        expect(Math.min(apart, 360 - apart)).toBeCloseTo(0, 6)
      }),
    )
  })

  test("fill the array that is handed in", () => {
    const rgb = [1, 2, 3]
    expect(hsToRgb(120, 100, rgb)).toBe(rgb)
    expect(kelvinToRgb(3000, rgb)).toBe(rgb)
  })
})

/** Planck's law over wavelength (second radiation constant 1.4388e-2 m K, CIE 15), seen by the CIE 1931 observer. */
function blackBody(kelvin: number): [x: number, y: number, z: number] {
  const sum: [number, number, number] = [0, 0, 0]
  for (const [nm, ...seen] of CIE_1931) {
    const metres = nm * 1e-9
    const power = metres ** -5 / (Math.exp(1.4388e-2 / (metres * kelvin)) - 1)
    seen.forEach((value, i) => (sum[i]! += power * value))
  }
  return sum
}

const chromaticity = ([x, y, z]: readonly number[]) => [x! / (x! + y! + z!), y! / (x! + y! + z!)]

/** XYZ to linear sRGB, IEC 61966-2-1, and back. */
const TO_SRGB = [
  [3.2404542, -1.5371385, -0.4985314],
  [-0.969266, 1.8760108, 0.041556],
  [0.0556434, -0.2040259, 1.0572252],
]
const FROM_SRGB = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
]
const times = (matrix: number[][], vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0))

describe("kelvin", () => {
  test("the reference sees illuminant A where the CIE has it", () => {
    const [x, y] = chromaticity(blackBody(2856))
    expect(x).toBeCloseTo(0.44757, 3)
    expect(y).toBeCloseTo(0.40745, 3)
  })

  test("is at most 1.4 of 255 from a black body through the observer and sRGB, at any kelvin", () => {
    let worst = 0
    for (let kelvin = 2000; kelvin <= 6535; kelvin += 5) {
      const linear = times(TO_SRGB, blackBody(kelvin))
      const full = Math.max(...linear)
      kelvinToRgb(kelvin, []).forEach((channel, i) => {
        const exact = 255 * Math.max(0, linear[i]! / full) ** (1 / 2.2)
        worst = Math.max(worst, Math.abs(channel - exact))
      })
    }
    expect(worst).toBeLessThan(1.4)
    expect(worst).toBeGreaterThan(1)
  })

  // CIE 15: chromaticities of the Planckian locus. What a lamp of sRGB primaries shows for our channels, after its gamma.
  test.each([
    [2000, 0.5267, 0.4133],
    [2500, 0.477, 0.4137],
    [3000, 0.4369, 0.4041],
    [4000, 0.3805, 0.3768],
    [5000, 0.3451, 0.3516],
    [6500, 0.3135, 0.3237],
  ])("%d K shows x %d, y %d within 0.004", (kelvin, x, y) => {
    const light = kelvinToRgb(kelvin, []).map((channel) => (channel / 255) ** 2.2)
    const [shownX, shownY] = chromaticity(times(FROM_SRGB, light))
    expect(Math.abs(shownX! - x)).toBeLessThan(0.004)
    expect(Math.abs(shownY! - y)).toBeLessThan(0.004)
  })

  test("beyond its range is the nearer end, always 0 to 255", () => {
    expect(kelvinToRgb(1000, [])).toEqual(kelvinToRgb(2000, []))
    expect(kelvinToRgb(20_000, [])).toEqual(kelvinToRgb(6535, []))
    for (const kelvin of [0, 2000, 6535, 1e9])
      for (const channel of kelvinToRgb(kelvin, [])) expect(channel >= 0 && channel <= 255).toBe(true)
  })
})
