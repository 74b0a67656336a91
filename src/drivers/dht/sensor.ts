/**
 * What DHT22 and DHT11 share (Aosong AM2302 product manual, section 7; DHT11 product manual, section 7): one open-drain wire with
 * a pull-up, a start signal of the host, and 40 bits whose last byte is the sum of the others. The length of each high phase
 * is its bit. Times are stamped by interrupts, so nothing blocks and a busy chip spoils no frame.
 */
import type { Clock } from "../../hal/clock"
import type { Edge, Wire } from "../../hal/pin"
import type { OnReading } from "../air/reading"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_RANGE, E_SHORT_FRAME } from "../errors"

export interface Dht {
  /** Reads once the sensor is ready and calls `done`. Returns 0, or E_BUSY without calling it. */
  sample(done: OnReading): number
}

/** Longest legal frame is 5.6 ms; interrupts are time-stamped, so waiting longer costs nothing but time. */
const CAPTURE_MS = 20
/** A high phase of 22 to 30 µs is a 0, of 68 to 75 µs a 1; halfway between, in seconds as the edges are stamped. */
const ONE_LONGER_THAN_S = 48e-6
/** A slow rise may twitch where it crosses the pin's threshold; the sensor's answer begins 20 µs after it at the earliest. */
const TWITCH_S = 10e-6
const ATTEMPTS = 3
/** Falling edges of a frame after the start signal: the sensor's answer, its end, and one behind each of 40 bits. */
const FRAME_EDGES = 42

const P_IDLE = 0
const P_REST = 1
const P_START = 2
const P_CAPTURE = 3

/**
 * Holds the line low for `startMs`, and rests for `restMs` after power-up and between two readings. `valueOf` is what 16 bits, of the
 * humidity or the temperature, say; beyond the limits is E_RANGE.
 */
export function dht(
  wire: Wire,
  clock: Clock,
  startMs: number,
  restMs: number,
  valueOf: (word: number) => number,
  minC: number,
  maxC: number,
  minPct: number,
  maxPct: number,
): Dht {
  let phase = P_IDLE
  let attempt = 0
  let edges = 0
  /** The bits so far as one integer, exact in a double: one per edge, those of humidity, temperature and checksum last. */
  let frame = 0
  let readyAtMs = clock.nowMs() + restMs
  let done: OnReading

  const alarm = clock.alarm(() => {
    if (phase === P_REST) {
      // The watch first: it makes the pin an input and would end a start signal that was already there.
      wire.watch(onFall)
      wire.low()
      phase = P_START
      alarm.set(startMs)
    } else if (phase === P_START) {
      edges = frame = 0
      wire.release()
      phase = P_CAPTURE
      alarm.set(CAPTURE_MS)
    } else finish()
  })

  function onFall({ time, lastTime }: Edge): void {
    if (!edges && time - lastTime! < TWITCH_S) return
    edges++
    frame = frame * 2 + (time - lastTime! > ONE_LONGER_THAN_S ? 1 : 0)
  }

  function rest(): void {
    phase = P_REST
    alarm.set(Math.max(1, readyAtMs - clock.nowMs()))
  }

  function finish(): void {
    wire.unwatch()
    readyAtMs = clock.nowMs() + restMs
    const temperatureC = valueOf((frame / 256) & 65535)
    const humidityPct = valueOf((frame / 0x1000000) & 65535)
    const error =
      frameError(edges, frame) ||
      (temperatureC < minC || temperatureC > maxC || humidityPct < minPct || humidityPct > maxPct ? E_RANGE : 0)
    if (error && ++attempt < ATTEMPTS) return rest()
    phase = P_IDLE
    if (error) done(error, 0, 0)
    else done(0, temperatureC, humidityPct)
  }

  return {
    sample(onReading) {
      if (phase) return E_BUSY
      done = onReading
      attempt = 0
      rest()
      return 0
    },
  }
}

/**
 * 0 when `edges` falling edges gave a whole frame with the right checksum. An edge too many may stand anywhere: bits moved by one
 * pass the checksum once in 256 times, so it is refused for its count alone.
 */
export function frameError(edges: number, frame: number): number {
  if (!edges) return E_NO_ANSWER
  if (edges < FRAME_EDGES) return E_SHORT_FRAME
  let sum = 0
  for (let rest = (frame / 256) >>> 0; rest; rest >>>= 8) sum += rest
  // Nothing but zeros is noise on an open line, and its checksum is right.
  return edges > FRAME_EDGES || !sum || (sum - frame) % 256 ? E_CHECKSUM : 0
}
