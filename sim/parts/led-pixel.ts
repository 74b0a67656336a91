import { WiringError } from "./part"

/** Duty of each colour, 0 to 255; white stays 0 on an LED that has none. */
export interface Pixel {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly white: number
}

export interface StripKind {
  /** Byte order that the data sheet gives. */
  readonly order: string
  /** Low for so long, and what was taken is shown. */
  readonly resetUs: number
  /** One colour at full duty, and an LED that is dark. */
  readonly channelMa: number
  readonly idleMa: number
}

export const KINDS = {
  // WS2812B-V5: reset above 280 us, 12 mA a channel, idle below 1 mA; older ones take 50 us and 20 mA.
  ws2812: { order: "GRB", resetUs: 280, channelMa: 12, idleMa: 0.6 },
  // SK6812RGBW: reset 80 us, 20 mA a channel, 1 mA at rest.
  sk6812: { order: "GRBW", resetUs: 80, channelMa: 20, idleMa: 1 },
} satisfies Record<string, StripKind>

const COLOURS: Record<string, keyof Pixel> = { R: "red", G: "green", B: "blue", W: "white" }

/** "GRB" or "GRBW", letters in any order. */
export function orderOf(letters: string): (keyof Pixel)[] {
  if (!/^(?!.*(.).*\1)[RGBW]{3,4}$/.test(letters))
    throw new WiringError(`"${letters}" is no order of colours: write GRB or GRBW, say`)
  return Array.from(letters, (letter) => COLOURS[letter])
}

export function pixelOf(bytes: string, from: number, order: (keyof Pixel)[]): Pixel {
  const pixel = { red: 0, green: 0, blue: 0, white: 0 }
  order.forEach((colour, i) => (pixel[colour] = bytes.charCodeAt(from + i)))
  return pixel
}
