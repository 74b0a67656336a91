/** What drivers of LED chains share: the order of the channels on the wire, the current of an LED, and copies of one LED. */

/** 20 mA for a channel at full, in bytes of it a mA (WS2812B and SK6812 datasheets). */
export const BYTES_PER_MA = 12.75
/** 1 mA for an LED that is dark (SK6812; WS2812B 0.6), and 0.16 for what rounding four channels up to whole bytes may add. */
export const REST_MA = 1.16

/** Red, green and blue light, 0 to 1, to what the LED takes, in its order. */
export type Order = (lights: readonly number[]) => number[]

/** WS2812B, SK6812. */
export const grb: Order = (lights) => [lights[1]!, lights[0]!, lights[2]!]

/** SK6812RGBW: white gets what the three have in common. */
export const grbw: Order = (lights) => {
  const white = Math.min(lights[0]!, lights[1]!, lights[2]!)
  return [lights[1]! - white, lights[0]! - white, lights[2]! - white, white]
}

/** Copies the LED of `width` bytes at `start` over those up to `end`: what stands there already is doubled, by the firmware. */
export function repeat(bytes: Uint8ClampedArray, width: number, start: number, end: number): void {
  for (let done = width; start + done < end; done *= 2)
    bytes.set(bytes.subarray(start, Math.min(start + done, end - done)), start + done)
}
