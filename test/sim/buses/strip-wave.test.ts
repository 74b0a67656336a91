import { describe, expect, test } from "vitest"
import { stripWave } from "../../../sim/buses/strip-wave"
import { UNLESS_SIGROK, WHY_NO_SIGROK, askSigrok, levelsAsVcd } from "../../readers/sigrok"

test("a bit is 1.25 us, high for 350 ns of it as a 0 and for 900 ns as a 1, most significant first", () => {
  const levels = stripWave({ atUs: 10, bytes: "\xa0" })
  const highs = levels.flatMap(({ atUs, level }, i) => (level ? [[atUs, +(levels[i + 1].atUs - atUs).toFixed(3)]] : []))
  expect(highs).toEqual([
    [10, 0.9],
    [11.25, 0.35],
    [12.5, 0.9],
    [13.75, 0.35],
    [15, 0.35],
    [16.25, 0.35],
    [17.5, 0.35],
    [18.75, 0.35],
  ])
})

test("leaves the line low", () => {
  expect(stripWave({ atUs: 0, bytes: "\xff" }).at(-1)).toMatchObject({ level: 0 })
  expect(stripWave({ atUs: 0, bytes: "" })).toEqual([])
})

describe.skipIf(WHY_NO_SIGROK)(`sigrok${UNLESS_SIGROK}`, () => {
  test("reads the colours of GRB bytes", () => {
    const bytes = String.fromCharCode(0x12, 0xff, 0x00, 0x00, 0x01, 0x80)
    const vcd = levelsAsVcd(stripWave({ atUs: 100, bytes }), { level: 0 }, 50)
    const out = askSigrok(vcd, { decoders: "rgb_led_ws281x", annotations: "rgb_led_ws281x=rgb" })
    expect(out).toEqual(["#ff1200", "#010080"])
  })
})
