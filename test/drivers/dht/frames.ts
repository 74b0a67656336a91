import type { Clock } from "../../../src/hal/clock"
import type { Wire } from "../../../src/hal/pin"
import type { Dht } from "../../../src/drivers/dht/sensor"
import type { Random } from "../../../sim/clock/random"
import { FakeClock } from "../../fakes/clock"
import { FakeWire } from "../../fakes/pins"

/** Four bytes of data and their checksum as the 40 bits a sensor sends (AM2302 manual, section 7.4). */
export const bits = (data: number[], checksum = data.reduce((a, b) => a + b) % 256) =>
  [...data, checksum].map((byte) => byte.toString(2).padStart(8, "0")).join("")

/** Lengths in µs (AM2302 manual, section 7.3): highs of a 0, a 1 and of "ready", and the low before each bit. */
export const TIMING = {
  nominal: { zeroUs: 26, oneUs: 70, readyUs: 80, lowUs: 50 },
  fastest: { zeroUs: 22, oneUs: 68, readyUs: 75, lowUs: 48 },
  slowest: { zeroUs: 30, oneUs: 75, readyUs: 85, lowUs: 55 },
} as const
export type Timing = (typeof TIMING)[keyof typeof TIMING]

/** From release to the sensor's answer; then, in turn, highs and the falls that end them. */
const GO_US = 30
const RESPONSE_US = 80

export interface Fall {
  /** Absent for the first edge that a watch sees. */
  roseUs?: number
  fellUs: number
}

/** The 42 falls of an answer after the line was released at 0, each with the rise before it. */
export function falls(text: string, { zeroUs, oneUs, readyUs, lowUs }: Timing = TIMING.nominal): Required<Fall>[] {
  let atUs = 0
  const after = (low: number, high: number) => {
    const roseUs = atUs + low
    return { roseUs, fellUs: (atUs = roseUs + high) }
  }
  const bitFalls = () => [...text].map((bit) => after(lowUs, bit === "1" ? oneUs : zeroUs))
  return [after(0, GO_US), after(RESPONSE_US, readyUs), ...bitFalls()]
}

/** Each edge is seen up to `byUs` early or late: an interrupt that waits, a slow rise. */
export const jittered = (all: Required<Fall>[], random: Random, byUs = 5): Required<Fall>[] =>
  all.map(({ roseUs, fellUs }) => ({
    roseUs: roseUs + random.between(-byUs, byUs),
    fellUs: fellUs + random.between(-byUs, byUs),
  }))

/** A sensor's driver on a line that the test moves. */
export function dhtBench(make: (wire: Wire, clock: Clock) => Dht) {
  const clock = new FakeClock(5000)
  const wire = new FakeWire(clock)
  const sensor = make(wire, clock)
  const readings: number[][] = []
  return {
    clock,
    wire,
    readings,
    sample: () => sensor.sample((...reading) => void readings.push(reading)),
    /** One attempt: waits until the line is released, answers, and lets the driver finish. */
    answer(all: Fall[]) {
      while (!wire.calls.at(-1)?.startsWith("release")) clock.advance(clock.nextInMs()!)
      wire.play(all)
      clock.advance(20)
    },
  }
}
