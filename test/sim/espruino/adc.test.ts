import { describe, expect, test } from "vitest"
import type { Board } from "../../../sim/board"
import { House } from "../../../sim/house"
import { Potentiometer } from "../../../sim/parts/potentiometer"
import { BOARD, RECORD, collect, oneBoard } from "../fixture"

/** As on a classic ESP32: ADC1 at 32 to 35, ADC2 at 4 and others. */
const ADC: Record<number, { unit: number; channel: number }> = {
  4: { unit: 2, channel: 0 },
  32: { unit: 1, channel: 4 },
  33: { unit: 1, channel: 5 },
  34: { unit: 1, channel: 6 },
  35: { unit: 1, channel: 7 },
}
const ADC_BOARD: Board = {
  ...BOARD,
  pins: Object.fromEntries(Object.entries(BOARD.pins).map(([name, pin]) => [name, { ...pin, adc: ADC[pin.number] }])),
}

function board(program: string, parts: { name: string; part: string; pins: Record<string, number> }[] = [], seed = 1) {
  const house = new House({
    seed,
    devices: [{ name: "board", bundle: program, board: ADC_BOARD, record: RECORD, parts }],
  })
  house.boot()
  const device = house.device("board")
  return { house, device, values: async () => (await house.advance("1s"), device.logs.map(({ text }) => Number(text))) }
}

const KNOB = { name: "knob", part: "potentiometer", pins: { wiper: 34 } }
const PRINT = "setTimeout(function () { print(analogRead(34)) }, 100)"

test("gives a share of 4096 with some noise, and one event a conversion", async () => {
  const { house, device } = board("for (var i = 0; i < 50; i++) print(analogRead(34))", [KNOB])
  const events = collect(house, "adc")
  await house.advance("1s")
  const values = device.logs.map(({ text }) => Number(text) * 4096)
  // 1.65 V: (1650 - 142) / 0.80557 = 1872
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(5)
  expect(values.every((value) => Math.abs(value - 1872) < 20 && Number.isInteger(Math.round(value)))).toBe(true)
  expect(events).toHaveLength(50)
  expect(events[0]).toMatchObject({ pin: "GPIO34", value: Math.round(values[0]) / 4096 })
})

test("the same seed gives the same noise, another another", async () => {
  const read = (seed: number) => board("for (var i = 0; i < 10; i++) print(analogRead(34))", [KNOB], seed).values()
  expect(await read(1)).toEqual(await read(1))
  expect(await read(1)).not.toEqual(await read(2))
})

test.each([
  [0, 0, 0.004],
  [1, 0.999, 1],
])("a wiper at %f reads %f to %f: flat at both ends", async (share, low, high) => {
  const { device, values } = board(PRINT, [KNOB])
  device.part("knob", Potentiometer).share = share
  const [value] = await values()
  expect(value).toBeGreaterThanOrEqual(low)
  expect(value).toBeLessThanOrEqual(high)
})

describe("a pin", () => {
  test("without a converter, or at ADC2, reads NaN", async () => {
    expect(await board("print(analogRead(16)); print(analogRead(4))").values()).toEqual([NaN, NaN])
  })

  test("at ADC1 reads NaN where the firmware declares no converter", async () => {
    const firmware = { adcUnits: [], pwm: { common: 5, own: 3 } }
    const { house, board: device } = oneBoard("print(analogRead(34))", { board: { ...ADC_BOARD, firmware } })
    await house.advance("400ms")
    expect(device.logs[0].text).toBe("NaN")
  })

  test("that is none is an error", async () => {
    const { house, device } = board("try { analogRead(99) } catch (e) { print(e.message) }")
    await house.advance("1s")
    expect(device.logs[0].text).toBe("Invalid pin")
  })

  test("that a part drives reads the ends of the scale", async () => {
    const { device, house } = board(
      "setTimeout(function () { print(analogRead(33)) }, 10); setTimeout(function () { print(analogRead(33)) }, 500)",
      [{ name: "button", part: "button", pins: { contact: 33 } }],
    )
    house.clock.at(600_000, () => (device.part("button").pressed = true))
    await house.advance("2s")
    const [up, down] = device.logs.map(({ text }) => Number(text))
    expect(up).toBeGreaterThan(0.99)
    expect(down).toBeLessThan(0.01)
  })

  test("that the program drove stops driving: the converter takes it", async () => {
    const { device, house } = board("digitalWrite(33, 1); analogRead(33)")
    await house.advance("1s")
    expect(device.pins.GPIO33.state).toBe("float")
  })

  test("that nothing drives reads low noise", async () => {
    const values = await board("for (var i = 0; i < 20; i++) print(analogRead(35))").values()
    expect(new Set(values).size).toBeGreaterThan(5)
    expect(Math.max(...values)).toBeLessThan(0.2)
  })
})

test("setAtten changes the full scale of its pin alone", async () => {
  const { device, house } = board("ESP32.setAtten(34, 1000); print(analogRead(34)); print(analogRead(35))", [
    KNOB,
    { name: "other", part: "potentiometer", pins: { wiper: 35 } },
  ])
  device.part("knob", Potentiometer).share = 0.2
  device.part("other", Potentiometer).share = 0.2
  await house.advance("1s")
  const [zero, eleven] = device.logs.map(({ text }) => Number(text) * 4096)
  expect(zero).toBeCloseTo((660 - 75) / 0.23534, -2)
  expect(eleven).toBeCloseTo((660 - 142) / 0.80557, -2)
})
