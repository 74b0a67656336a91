/** Blue at 16 °C and below, cyan, green at 22 °C, yellow, red at 28 °C and above; channels 0 to 255, one always full. */
export function comfortColour(temperatureC: number): [number, number, number] {
  const warmth = Math.max(-1, Math.min(1, (temperatureC - 22) / 6))
  return [channel(warmth), channel(1 - Math.abs(warmth)), channel(-warmth)]
}

// Out here on purpose: a function named inside another holds that call's scope and is held by it, a cycle of 14 blocks
// that stays until the garbage collector runs.
const channel = (share: number): number => Math.round(255 * Math.max(0, Math.min(1, 2 * share)))
