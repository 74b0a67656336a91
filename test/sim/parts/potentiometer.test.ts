import { expect, test } from "vitest"
import { Potentiometer } from "../../../sim/parts/potentiometer"
import { bench } from "./bench"

function pot() {
  const table = bench()
  const part = new Potentiometer(table.place)
  part.powerOn()
  return { ...table, part, wiper: table.net("wiper") }
}

test("gives its share of the supply", () => {
  const { part, wiper } = pot()
  expect(wiper.sample(0)).toBeCloseTo(1.65)
  part.share = 0.2
  expect(wiper.sample(0)).toBeCloseTo(0.66)
  expect(part.values()).toEqual({ share: 0.2 })
})

test("is behind a resistance that is largest in the middle", () => {
  const { part, wiper, host } = pot()
  wiper.drive(host, { kind: "pull", level: 0 })
  part.share = 0.5
  // 2.5 kOhm against 45 kOhm to ground
  expect(wiper.sample(0)).toBeCloseTo((1.65 * 45) / 47.5)
})

test("its level as an input has thresholds at a quarter and three quarters, and stays between them", () => {
  const { part, record } = pot()
  part.share = 0
  const edges = record("wiper")
  for (const share of [0.3, 0.7, 0.76, 0.6, 0.3, 0.24, 0.5]) part.share = share
  expect(edges.map(({ level }) => level)).toEqual([1, 0])
})

test("refuses a share that is none, and floats without power", () => {
  const { part, wiper } = pot()
  expect(() => (part.share = 1.2)).toThrow("part.share is 0 to 1, not 1.2")
  part.powerOff()
  expect(wiper.state).toBe("float")
})
