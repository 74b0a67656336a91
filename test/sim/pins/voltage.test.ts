import { expect, test } from "vitest"
import { FLOAT, HIGH, LOW, Net, PULL_UP } from "../../../sim/pins/net"
import type { Drive } from "../../../sim/pins/net"
import { levelOf, voltageOf } from "../../../sim/pins/voltage"

const volts = (value: number, ohms: number): Drive => ({ kind: "volts", volts: value, ohms })

test.each([
  ["nothing", [FLOAT], undefined],
  ["a pull alone", [PULL_UP], 3.3],
  ["an output against a pull", [LOW, PULL_UP], 0.0018],
  ["a source against an output that is much stronger", [volts(1, 10_000), HIGH], 3.294],
  ["two sources of the same strength", [volts(1, 1000), volts(2, 1000)], 1.5],
  ["PWM by its mean", [{ kind: "pwm", duty: 0.25, frequencyHz: 5000 }], 0.825],
] satisfies [string, Drive[], number | undefined][])("%s", (_, drives: Drive[], expected) => {
  const found = voltageOf(drives)
  if (expected === undefined) expect(found).toBeUndefined()
  else expect(found).toBeCloseTo(expected, 3)
})

test.each([
  [2.48, 0, 1],
  [2.4, 0, 0],
  [2.4, 1, 1],
  [0.82, 1, 0],
])("%f V after %i is a %i", (value, before, level) => {
  expect(levelOf(value, before as 0 | 1)).toBe(level)
})

test("a net that is shorted has the short's voltage, and a part may drive anew when it is measured", () => {
  const net = new Net("GPIO34")
  const part = {}
  net.onSample((atUs) => net.drive(part, volts(atUs / 1000, 100)))
  expect(net.sample(500)).toBeCloseTo(0.5)
  expect(net.sample(1500)).toBeCloseTo(1.5)
  const mend = net.disturb({ held: 0 })
  expect(net.sample(1500)).toBeCloseTo(0)
  mend()
  expect(net.sample(2000)).toBeCloseTo(2)
})

test("seen from a master a net is held, pulled up or neither by the others", () => {
  const net = new Net("GPIO4")
  const [chip, part] = [{}, {}]
  net.drive(chip, PULL_UP)
  expect(net.seenFrom(chip)).toEqual({ held: undefined, hasPullUp: false, isOpen: false })
  net.drive(part, PULL_UP)
  expect(net.seenFrom(chip)).toEqual({ held: undefined, hasPullUp: true, isOpen: false })
  net.drive(part, LOW)
  expect(net.seenFrom(chip).held).toBe(0)
  net.drive(part, HIGH)
  expect(net.seenFrom(chip).held).toBe(1)
})
