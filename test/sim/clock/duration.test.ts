import { expect, test } from "vitest"
import { durationUs } from "../../../sim/clock/duration"

test.each([
  ["250us", 250],
  ["1.5ms", 1500],
  ["10s", 10_000_000],
  ["5min", 300_000_000],
  ["2m", 120_000_000],
  ["1h", 3_600_000_000],
  ["1h 30min", 5_400_000_000],
  ["2d", 172_800_000_000],
])("%s", (text, us) => expect(durationUs(text)).toBe(us))

test("takes microseconds as they are", () => expect(durationUs({ us: 12 })).toBe(12))

test.each(["", "10", "s", "10 parsecs", "1h and a bit"])("refuses %j and says what to write", (text) => {
  expect(() => durationUs(text)).toThrow(/write a number and a unit/)
})

test.each([10, null, {}, { us: NaN }])("refuses %j, which has no unit, and says what to write", (value) => {
  expect(() => durationUs(value as never)).toThrow(/is no duration: write a text with a unit/)
})
