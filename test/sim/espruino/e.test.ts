import { describe, expect, test } from "vitest"
import { crcOf, serialOf, toByteString } from "../../../sim/espruino/e"
import { logsOf, valueOf } from "../fixture"

test("getSerial has the firmware's form: a dash after four bytes", () => {
  expect(serialOf([0x24, 0x0a, 0xc4, 1, 2, 255])).toBe("240ac401-02ff")
})

test("CRC-32 has the check value of its catalogue, over bytes, unsigned", () => {
  expect(crcOf("123456789")).toBe(0xcbf43926)
  expect([crcOf(""), crcOf("\xff\x00")]).toEqual([0, 0xd2fdef8d])
})

test("bytes from strings, numbers, arrays and repetitions", () => {
  expect(toByteString(["a", 66, [67, "d"], { data: "x", count: 3 }])).toBe("aBCdxxx")
})

describe("E and process", () => {
  test.each([
    ["E.toUint8Array('AB')[1]", "66"],
    ["E.getSizeOf('x'.repeat(20))", "3"],
    ["process.env.VERSION + ' ' + process.env.BOARD", "2v29 ESP32"],
    ["typeof E.getErrorFlags().join", "function"],
    ["E.isUTF8('x')", "false"],
  ])("%s", async (expression, value) => expect(await valueOf(expression)).toBe(value))

  test("E.asUTF8 throws, as there is no Unicode", async () => {
    expect(await logsOf("try { E.asUTF8('x') } catch (e) { print(e.message) }")).toEqual([
      "Unicode is not supported in this build",
    ])
  })

  test("require of what is not there throws", async () => {
    expect(await logsOf("try { require('MQTT') } catch (e) { print(e.message) }")).toEqual(['Module "MQTT" not found'])
  })
})

describe("console", () => {
  test("levels become log levels; objects, errors and functions print as the console shows them", async () => {
    const program = `console.log("a", 1/3, { b: [1] }, null, undefined, true); console.warn(new TypeError("no")); console.error(function f() {}); console.log([])`
    expect(await logsOf(program)).toEqual([
      'a 0.33333333333 { "b": [ 1 ] } null undefined true',
      "TypeError: no",
      "function (...) {...}",
      "[]",
    ])
  })
})
