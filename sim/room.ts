import { Random, hash, mix } from "./clock/random"

/** The air around the boards. Asked, never ticking: the same instant always gives the same air. */
export interface Room {
  at(atUs: number): Air
}

export interface Air {
  temperatureC: number
  humidityPct: number
  /** At the place itself, not reduced to sea level. Absent: STANDARD_PRESSURE_HPA. */
  pressureHpa?: number
  /** Illuminance at the sensor. Absent: dark. */
  lux?: number
}

export const STANDARD_PRESSURE_HPA = 1013.25

const HOUR_US = 3_600_000_000
const DAY_US = 24 * HOUR_US
const NOISE_STEP_US = 60_000_000

/** Between highs and lows lie some days. */
const WEATHER_STEP_US = 1.5 * DAY_US
/** Lit by a window: at noon, between a dull and a bright day. */
const NOON_LUX = 800

/**
 * A heated room: coolest at 05:00, warmest at 17:00, drier when warmer, and slow noise by the seed. Starts at 08:00. Air pressure
 * goes with the weather, 1013 +-12 hPa; daylight from 06:00 to 18:00.
 */
export function syntheticRoom(seed: number): Room {
  const temperatureNoise = new Random(seed).split("room temperature").below(0x7fffffff)
  const humidityNoise = new Random(seed).split("room humidity").below(0x7fffffff)
  const weather = new Random(seed).split("room pressure").below(0x7fffffff)
  const clouds = new Random(seed).split("room light").below(0x7fffffff)
  return {
    at(atUs) {
      const sun = Math.sin((2 * Math.PI * (atUs + 8 * HOUR_US - 11 * HOUR_US)) / DAY_US)
      return {
        temperatureC: 21.5 + 2.5 * sun + 0.3 * smoothNoise(temperatureNoise, atUs),
        humidityPct: 48 - 6 * sun + 1.5 * smoothNoise(humidityNoise, atUs),
        pressureHpa: STANDARD_PRESSURE_HPA + 12 * smoothNoise(weather, atUs, WEATHER_STEP_US),
        lux: NOON_LUX * daylight(atUs) * (1 + 0.4 * smoothNoise(clouds, atUs)),
      }
    },
  }
}

/** 0 at night, 1 at noon. */
function daylight(atUs: number): number {
  return Math.max(0, Math.sin((2 * Math.PI * (atUs + 2 * HOUR_US)) / DAY_US))
}

/** Value noise, -1 to 1: a hashed value each minute, a smooth curve between. Needs no state, so any instant can be asked. */
function smoothNoise(seed: number, atUs: number, stepUs = NOISE_STEP_US): number {
  const step = Math.floor(atUs / stepUs)
  const t = atUs / stepUs - step
  const ease = t * t * (3 - 2 * t)
  return valueAt(seed, step) * (1 - ease) + valueAt(seed, step + 1) * ease
}

function valueAt(seed: number, step: number): number {
  return mix(seed ^ hash(String(step))) / 0x80000000
}

export interface RoomRow extends Air {
  atS: number
}

/** A measured room: rows in time order, straight lines between them, the first and last value before and after. */
export function recordedRoom(rows: RoomRow[]): Room {
  if (rows.length === 0) throw new Error("a recorded room needs at least one row")
  rows.forEach((row, i) => {
    if (i > 0 && !(row.atS >= rows[i - 1].atS))
      throw new Error(`row ${i + 1} of the recorded room is earlier than the row before it`)
  })
  return { at: (atUs) => between(rows, atUs / 1e6) }
}

function between(rows: RoomRow[], atS: number): Air {
  let low = 0
  let high = rows.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (rows[middle].atS <= atS) low = middle
    else high = middle
  }
  const span = rows[high].atS - rows[low].atS
  const share = span > 0 ? Math.min(1, Math.max(0, (atS - rows[low].atS) / span)) : 0
  const mix = (from = 0, to = from) => from + share * (to - from)
  const [from, to] = [rows[low], rows[high]]
  return {
    temperatureC: mix(from.temperatureC, to.temperatureC),
    humidityPct: mix(from.humidityPct, to.humidityPct),
    ...(from.pressureHpa !== undefined && { pressureHpa: mix(from.pressureHpa, to.pressureHpa) }),
    ...(from.lux !== undefined && { lux: mix(from.lux, to.lux) }),
  }
}
