import { expect, test } from "vitest"
import { bulbRelay } from "../../src/drivers/bulb-relay"

const pin = () => {
  const levels: boolean[] = []
  return { levels, write: (isHigh: boolean) => void levels.push(isHigh) }
}

test.each([
  [false, undefined, [false]],
  [true, undefined, [true]],
  [false, true, [true]],
  [true, true, [false]],
])("begins with isOn %j, active low %j, by writing %j once", (isOn, isActiveLow, levels) => {
  const coil = pin()
  bulbRelay(coil, isOn, isActiveLow)
  expect(coil.levels).toEqual(levels)
})

test("switches, the other way round for a module that is on when low", () => {
  const [coil, low] = [pin(), pin()]
  const lamps = [bulbRelay(coil, false), bulbRelay(low, false, true)]
  for (const isOn of [true, false]) for (const lamp of lamps) lamp.set(isOn)
  expect(coil.levels).toEqual([false, true, false])
  expect(low.levels).toEqual([true, false, true])
})
