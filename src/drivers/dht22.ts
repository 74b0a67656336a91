/**
 * DHT22 / AM2302, temperature and relative humidity on one wire (Aosong AM2302 product manual, section 7).
 * One open-drain pin with pull-up. -40.0 to 80.0 °C and 0.0 to 100.0 %, steps of 0.1. A frame takes about 5 ms.
 * Worst case of `sample`: three attempts, 2 s apart and 22 ms each; nothing blocks.
 */
import type { Clock } from "../hal/clock"
import type { Edge, Wire } from "../hal/pin"
import { E_BUSY, E_CHECKSUM, E_NO_ANSWER, E_RANGE, E_SHORT_FRAME } from "./errors"

/** `error` is 0 and both values are set, or it is an E_ constant and both are 0. */
export type OnReading = (error: number, temperatureC: number, humidityPct: number) => void

/** The manual asks for at least 2 s between two readings, the first after power-up included. */
const REST_MS = 2000
/** 1 to 20 ms: the manual's start signal is at least 800 µs; one timer tick is added. */
const START_MS = 2
/** Longest legal frame is 5.6 ms; interrupts are time-stamped, so waiting longer costs nothing but time. */
const CAPTURE_MS = 20
/** A high phase of 26 to 28 µs is a 0, of 70 µs a 1; halfway between, in seconds as the edges are stamped. */
const ONE_LONGER_THAN_S = 48e-6
const ATTEMPTS = 3
/** Falling edges of a frame after the start signal: the sensor's answer, its end, and one behind each of 40 bits. */
const FRAME_EDGES = 42
/** 40 bits: humidity, temperature, checksum; older ones fall out. Above 32 bits, so no bit operators. */
const FRAME_RANGE = 0x10000000000

const P_IDLE = 0
const P_REST = 1
const P_START = 2
const P_CAPTURE = 3

export interface Dht22 {
  /** Reads once the sensor is ready and calls `done`. Returns 0, or E_BUSY without calling it. */
  sample(done: OnReading): number
}

export function dht22(wire: Wire, clock: Clock): Dht22 {
  let phase = P_IDLE
  let attempt = 0
  let edges = 0
  /** The bits so far as one integer: 40 bits are exact in a double. */
  let frame = 0
  let readyAtMs = clock.nowMs() + REST_MS
  let done: OnReading

  const alarm = clock.alarm(() => {
    if (phase === P_REST) {
      // The watch first: it makes the pin an input and would end a start signal that was already there.
      wire.watch(onFall)
      wire.low()
      enter(P_START, START_MS)
    } else if (phase === P_START) {
      edges = frame = 0
      wire.release()
      enter(P_CAPTURE, CAPTURE_MS)
    } else finish()
  })

  function enter(next: number, forMs: number): void {
    phase = next
    alarm.set(forMs)
  }

  function onFall({ time, lastTime }: Edge): void {
    edges++
    frame = (frame * 2 + (time - lastTime! > ONE_LONGER_THAN_S ? 1 : 0)) % FRAME_RANGE
  }

  function rest(): void {
    enter(P_REST, Math.max(1, readyAtMs - clock.nowMs()))
  }

  function finish(): void {
    wire.unwatch()
    readyAtMs = clock.nowMs() + REST_MS
    const error = frameError(edges, frame)
    if (error && ++attempt < ATTEMPTS) return rest()
    phase = P_IDLE
    if (error) done(error, 0, 0)
    else done(0, temperatureOf(frame), humidityOf(frame))
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

/** Signed magnitude in tenths: bit 15 is the sign (manual, section 7.4). */
export function temperatureOf(frame: number): number {
  const raw = Math.floor(frame / 256) % 65536
  return (raw > 32767 ? 32768 - raw : raw) / 10
}

export const humidityOf = (frame: number): number => Math.floor(frame / 0x1000000) / 10

/** 0 when `edges` falling edges gave a whole frame with the right checksum and values the sensor can have. */
export function frameError(edges: number, frame: number): number {
  if (!edges) return E_NO_ANSWER
  if (edges < FRAME_EDGES) return E_SHORT_FRAME
  // Noise on an open line looks like this, and its checksum is right.
  if (!frame) return E_CHECKSUM
  let sum = 0
  for (let rest = Math.floor(frame / 256); rest; rest = Math.floor(rest / 256)) sum += rest % 256
  if (sum % 256 !== frame % 256) return E_CHECKSUM
  const temperatureC = temperatureOf(frame)
  return humidityOf(frame) > 100 || temperatureC < -40 || temperatureC > 80 ? E_RANGE : 0
}
