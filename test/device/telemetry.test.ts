import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { climateJson, parseClimate } from "../../src/device/telemetry"

describe("a reading as JSON", () => {
  test.each([
    [21.4, 48.2, '{"temperature":21.4,"humidity":48.2}'],
    [0, 0, '{"temperature":0.0,"humidity":0.0}'],
    [-0.1, 100, '{"temperature":-0.1,"humidity":100.0}'],
    [-40, 99.9, '{"temperature":-40.0,"humidity":99.9}'],
  ])("%d °C and %d %% are %s", (temperatureC, humidityPct, json) => {
    expect(climateJson(temperatureC, humidityPct)).toBe(json)
  })

  test("comes back as it went, over the whole range of the sensor", () => {
    const tenth = (min: number, max: number) => fc.integer({ min, max }).map((tenths) => tenths / 10)
    fc.assert(
      fc.property(tenth(-400, 800), tenth(0, 1000), (temperatureC, humidityPct) => {
        expect(parseClimate(climateJson(temperatureC, humidityPct))).toEqual({ temperatureC, humidityPct })
      }),
    )
  })
})

describe("a message that may be a reading", () => {
  test.each([
    ['{"temperature":31,"humidity":40}', 31, 40],
    ['{ "humidity": 1e1, "temperature": -2.5, "more": [1] }', -2.5, 10],
    ['{"temperature":-60,"humidity":0}', -60, 0],
    ['{"temperature":100,"humidity":100}', 100, 100],
    ['{"temperature":-60.1,"humidity":-0.1}', undefined, undefined],
    ['{"temperature":100.1,"humidity":100.1}', undefined, undefined],
    ['{"temperature":1e400,"humidity":-1e400}', undefined, undefined],
    ['{"temperature":"21","humidity":"40"}', undefined, undefined],
    ['{"temperature":null,"humidity":true}', undefined, undefined],
    ['{"temperature":[21],"humidity":{"value":40}}', undefined, undefined],
    ['{"temperature":21}', 21, undefined],
    ['{"humidity":40}', undefined, 40],
    ["{}", undefined, undefined],
    ["[]", undefined, undefined],
    ["21", undefined, undefined],
    ['"21"', undefined, undefined],
    ["true", undefined, undefined],
  ])("%s holds %j and %j", (payload, temperatureC, humidityPct) => {
    expect(parseClimate(payload)).toEqual({ temperatureC, humidityPct })
  })

  test.each([
    "",
    " ",
    "null",
    "hello",
    "{",
    '{"temperature":',
    '{"temperature":NaN}',
    '{"temperature":21.5.5}',
    "\0\xff",
  ])("%j is none", (payload) => {
    expect(parseClimate(payload)).toBeUndefined()
  })

  test("never throws, and never hands on a number that no room has", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (payload) => {
        const { temperatureC = 0, humidityPct = 0 } = parseClimate(payload) ?? {}
        expect(Math.abs(temperatureC)).toBeLessThanOrEqual(100)
        expect(humidityPct).toBeLessThanOrEqual(100)
      }),
    )
  })
})
