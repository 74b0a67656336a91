/**
 * Colours as smart-home tools send them, to what a lamp takes: red, green and blue, 0 to 255, one of them always full, since
 * brightness is told apart from colour. `rgb` is filled and returned: hand in the same array each time, and none is made.
 */

/** `hue` in degrees, any number of turns: 0 red, 120 green, 240 blue; `saturation` 0 (white) to 100. */
export function hsToRgb(hue: number, saturation: number, rgb: number[]): number[] {
  for (let i = 0; i < 3; i++) {
    // Sixths of a turn from where this channel leaves its full value; it is back after four.
    const turned = hue / 60 + 5 - 2 * i
    const sixths = turned - 6 * Math.floor(turned / 6)
    rgb[i] = 255 - 2.55 * saturation * Math.max(0, Math.min(1, sixths, 4 - sixths))
  }
  return rgb
}

/**
 * White light of a black body of 2000 to 6535 K, as sRGB primaries mix it; nearest of them outside. Least squares over ln(kelvin) of
 * Planck's law through the CIE 1931 observer and the sRGB matrix (IEC 61966-2-1), channels coded by the lamps' own exponent of
 * 2.2: at most 1.4 of 255 off, 0.5 % of the coded range (test/util/colour.test.ts). The LEDs of a lamp are further from sRGB than that.
 */
export function kelvinToRgb(kelvin: number, rgb: number[]): number[] {
  const warmth = Math.log(Math.max(2, Math.min(6.535, kelvin / 1000)))
  rgb[0] = 255
  rgb[1] = 43.147 + (150.904 - 21.983 * warmth) * warmth
  rgb[2] = -114.97 + (216.221 - 10.556 * warmth) * warmth
  return rgb
}
