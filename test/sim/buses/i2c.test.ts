import { expect, test } from "vitest"
import { I2cWiring } from "../../../sim/buses/i2c"
import type { I2cTarget } from "../../../sim/buses/i2c"
import { Net, PULL_UP } from "../../../sim/pins/net"

const deaf: I2cTarget = { onStart: () => false, onWrite: () => false, onRead: () => 0xff, onStop: () => undefined }

test("a master finds the parts on its own two wires, and nobody when they are swapped", () => {
  const wiring = new I2cWiring()
  const [sda, scl, other] = [new Net("a"), new Net("b"), new Net("c")]
  wiring.attach(sda, scl, deaf)
  expect(wiring.targetsOn(sda, scl)).toEqual([deaf])
  expect(wiring.targetsOn(scl, sda)).toEqual([])
  expect(wiring.targetsOn(sda, other)).toEqual([])
})

test("a part that holds SDA keeps it low against the pull-up until it is cleared, once", () => {
  const wiring = new I2cWiring()
  const sda = new Net("sda")
  sda.drive({}, PULL_UP)
  wiring.hold(sda)
  expect([sda.level, wiring.isHeld(sda)]).toEqual([0, true])
  wiring.clear(sda)
  wiring.clear(sda)
  expect([sda.level, wiring.isHeld(sda)]).toEqual([1, false])
})
