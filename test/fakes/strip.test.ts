import { expect, test } from "vitest"
import { currentMa, FakeStrip } from "./strip"

test("keeps what was sent, also when the array changes later", () => {
  const strip = new FakeStrip()
  const bytes = new Uint8ClampedArray([1, 2, 3])
  strip.write(bytes)
  bytes[0] = 9
  expect(strip.frames).toEqual([[1, 2, 3]])
})

test("refuses what the firmware refuses, and has no frame until one was sent", () => {
  const strip = new FakeStrip()
  expect(() => strip.write(new Uint8ClampedArray(4))).toThrow("multiple of three")
  expect(() => strip.write(new Uint8ClampedArray(0))).toThrow("multiple of three")
  expect(() => strip.frame).toThrow("no frame")
})

test("two LEDs at full white draw 122 mA", () => {
  expect(currentMa([255, 255, 255, 255, 255, 255], 2)).toBeCloseTo(122)
})
