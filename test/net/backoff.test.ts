import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createBackoff } from "../../src/net/backoff"

const STEPS_MS = [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000]

describe("backoff", () => {
  test("doubles from the first step to two minutes, and stays there", () => {
    const backoff = createBackoff(() => 1, 1000)
    expect(STEPS_MS.map(() => backoff.nextMs())).toEqual(STEPS_MS)
  })

  test("starts over after a reset", () => {
    const backoff = createBackoff(() => 0, 1000)
    backoff.nextMs()
    backoff.nextMs()
    backoff.reset()
    expect(backoff.nextMs()).toBe(250)
  })

  test("draws from a quarter of each step to the whole, whatever the random numbers are", () => {
    const random = fc.double({ min: 0, max: 0.9999999, noNaN: true })
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 30 }), (numbers) => {
        let at = 0
        const backoff = createBackoff(() => numbers[at]!, 1000)
        for (at = 0; at < numbers.length; at++) {
          const stepMs = Math.min(1000 * 2 ** at, 120_000)
          const waitMs = backoff.nextMs()
          expect(waitMs).toBeGreaterThanOrEqual(stepMs / 4)
          expect(waitMs).toBeLessThanOrEqual(stepMs)
        }
      }),
    )
  })

  test("spreads two devices whose random numbers differ", () => {
    const [one, other] = [0.1, 0.9].map((number) => createBackoff(() => number, 1000))
    expect(other!.nextMs() - one!.nextMs()).toBeCloseTo(600)
  })
})

describe("reasons that only a person can mend", () => {
  const LASTING = [1, 2, 4, 5, 0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x9f]
  /** Broker unavailable; closed, no CONNACK, no PINGRESP; and in 5.0: unavailable, busy, shutting down, taken over, moved. */
  const PASSING = [3, 6, 7, 8, 0x80, 0x88, 0x89, 0x8b, 0x8d, 0x8e, 0x98, 0x9c, 0x9d]

  test.each(LASTING)("%i waits 30 s at the least, and doubles from there", (reason) => {
    const backoff = createBackoff(() => 1, 1000)
    expect([1, 2, 3, 4].map(() => backoff.nextMs(reason))).toEqual([30_000, 60_000, 120_000, 120_000])
  })

  test.each(PASSING)("%i is none of them", (reason) => {
    expect(createBackoff(() => 1, 1000).nextMs(reason)).toBe(1000)
  })

  test("never shorten a wait that was longer", () => {
    const backoff = createBackoff(() => 1, 1000)
    for (let i = 0; i < 6; i++) backoff.nextMs()
    expect(backoff.nextMs(5)).toBe(64_000)
  })
})
