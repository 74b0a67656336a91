import { parseJson } from "../util/json"

/** Readings as the JSON that dashboards expect: one decimal, as the sensors have. */
export const climateJson = (temperatureC: number, humidityPct: number): string =>
  `{"temperature":${temperatureC.toFixed(1)},"humidity":${humidityPct.toFixed(1)}}`

/** The reading in a message; each value a number, or undefined where the message has none that a room could have. */
export interface ClimateMessage {
  temperatureC: number | undefined
  humidityPct: number | undefined
}

/** -60 to 100 °C and 0 to 100 %: wider than any sensor here, narrower than nonsense. Undefined for what is not JSON. */
export function parseClimate(payload: string): ClimateMessage | undefined {
  const message = parseJson(payload) as { temperature?: unknown; humidity?: unknown } | null | undefined
  return message
    ? { temperatureC: within(message.temperature, -60, 100), humidityPct: within(message.humidity, 0, 100) }
    : undefined
}

const within = (value: unknown, low: number, high: number): number | undefined =>
  typeof value === "number" && value >= low && value <= high ? value : undefined
