import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createBackoff } from "../../src/net/backoff"

describe("backoff", () => {
  test("doubles from the first step to the last, and stays there", () => {
    const backoff = createBackoff(() => 1, 1000, 10_000)
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.nextMs())).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
  })

  test("starts over after a reset", () => {
    const backoff = createBackoff(() => 0, 1000, 10_000)
    backoff.nextMs()
    backoff.nextMs()
    backoff.reset()
    expect(backoff.nextMs()).toBe(500)
  })

  test("draws from the upper half of each step, whatever the random numbers are", () => {
    const random = fc.double({ min: 0, max: 0.9999999, noNaN: true })
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 30 }), (numbers) => {
        const backoff = createBackoff(() => numbers[0]!, 1000, 120_000)
        numbers.forEach((_, i) => {
          const stepMs = Math.min(1000 * 2 ** i, 120_000)
          const waitMs = backoff.nextMs()
          expect(waitMs).toBeGreaterThanOrEqual(stepMs / 2)
          expect(waitMs).toBeLessThanOrEqual(stepMs)
        })
      }),
    )
  })

  test("spreads two devices whose random numbers differ", () => {
    const [one, other] = [0.1, 0.9].map((number) => createBackoff(() => number, 1000, 120_000))
    expect(other!.nextMs() - one!.nextMs()).toBeGreaterThan(300)
  })
})
