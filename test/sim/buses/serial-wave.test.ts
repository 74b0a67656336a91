import { describe, expect, test } from "vitest"
import { serialWave } from "../../../sim/buses/serial-wave"
import { UNLESS_SIGROK, WHY_NO_SIGROK, askSigrok, levelsAsVcd } from "../../readers/sigrok"

test("a byte is a start bit, eight bits from the least significant, and a stop bit", () => {
  // 0x05 is 1010 0000 on the wire, at 100 us a bit.
  expect(serialWave({ atUs: 0, baud: 10_000, bytes: "\x05" })).toEqual([
    { atUs: 0, level: 0 },
    { atUs: 100, level: 1 },
    { atUs: 200, level: 0 },
    { atUs: 300, level: 1 },
    { atUs: 400, level: 0 },
    { atUs: 900, level: 1 },
  ])
})

test("bytes follow each other without a pause", () => {
  const levels = serialWave({ atUs: 0, baud: 10_000, bytes: "\xff\xff" })
  expect(levels.map(({ atUs }) => atUs)).toEqual([0, 100, 1000, 1100])
})

describe.skipIf(WHY_NO_SIGROK)(`sigrok${UNLESS_SIGROK}`, () => {
  test.each([9600, 115_200])("reads the bytes at %i baud", (baud) => {
    const levels = serialWave({ atUs: 50, baud, bytes: "Hi\x00\xff!" })
    const decoders = `uart:baudrate=${baud}:rx=level`
    const out = askSigrok(levelsAsVcd(levels, { level: 1 }, 100), { decoders, annotations: "uart=rx-data" })
    expect(out).toEqual(["48", "69", "00", "FF", "21"])
  })
})
