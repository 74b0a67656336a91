/** Blue at 16 °C and below, cyan, green at 22 °C, yellow, red at 28 °C and above; channels 0 to 255, one always full. */
export function comfortColour(temperatureC: number): [number, number, number] {
  const warmth = Math.max(-1, Math.min(1, (temperatureC - 22) / 6))
  const channel = (share: number) => Math.round(255 * Math.max(0, Math.min(1, 2 * share)))
  return [channel(warmth), channel(1 - Math.abs(warmth)), channel(-warmth)]
}
