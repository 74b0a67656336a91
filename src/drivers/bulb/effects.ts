/**
 * Effects for any lamp. Each is a clockwork that calls the lamp's own `set` through a function of the program's: the lamp's transition
 * does the steps between, so that an effect wakes the chip a few times a period only. What is not called is not in the bundle.
 * A program that sets the lamp itself stops the effect first.
 */
import type { Alarm, Clock } from "../../hal/clock"

export interface Effect {
  /** From its beginning, also when it runs. */
  start(): void
  /** The lamp stays at what it was told last. May be called twice. */
  stop(): void
}

export type ShowBrightness = (brightness: number, transitionMs: number) => void

/** A multiple of what effects count in, and small enough for its variable: above 8,191 a number takes a block of its own. */
const TURNS = 6000

/** A step of the lamp's fade: it has arrived when the next one begins, or it would turn back just before the top. */
const ARRIVE_MS = 40

/** `turn` does what is due at turn 0, 1, 2 ... and says after how many ms the next is; 0 ends it. */
function every(clock: Clock, turn: (count: number) => number): Effect {
  let count = 0
  const run = () => {
    const inMs = turn(count)
    count = (count + 1) % TURNS
    if (inMs > 0) alarm.set(inMs)
  }
  const alarm: Alarm = clock.alarm(run)

  return {
    start() {
      alarm.clear()
      count = 0
      run()
    },
    stop: () => alarm.clear(),
  }
}

/** Swells from `low` to `high` and back, brightness 0 to 255, once in `periodMs`. */
export const breathe = (show: ShowBrightness, clock: Clock, low: number, high: number, periodMs: number): Effect =>
  every(clock, (count) => {
    show(count % 2 ? low : high, periodMs / 2 - ARRIVE_MS)
    return periodMs / 2
  })

/** Switches to 255 and 0, each for `halfMs`: `times` flashes (up to 2,999) that end dark, or for ever with 0. */
export const blink = (show: ShowBrightness, clock: Clock, halfMs: number, times: number): Effect =>
  every(clock, (count) => {
    show(count % 2 ? 0 : 255, 0)
    return count + 1 === 2 * times ? 0 : halfMs
  })

/** Around the colour circle in `periodMs`, beginning with red: `show` fades to a hue of 0 to 300, for `hsToRgb`. */
export const colourLoop = (show: (hue: number, transitionMs: number) => void, clock: Clock, periodMs: number): Effect =>
  every(clock, (count) => {
    // Between two neighbours of these six one channel moves, evenly: the lamp's own fade is the circle.
    show(60 * (count % 6), periodMs / 6 - ARRIVE_MS)
    return periodMs / 6
  })

/** Flickers below `high`, brightness 0 to 255; `random` gives 0 to 1: `Math.random` will do, which every program has seeded. */
export const candle = (show: ShowBrightness, clock: Clock, high: number, random: () => number): Effect =>
  every(clock, () => {
    // 60 to 260 ms: a flame wavers some 2 to 10 times a second. The square makes deep dips rare.
    const inMs = 60 + 200 * random()
    const dip = random()
    show(high * (1 - 0.6 * dip * dip), inMs)
    return inMs
  })
