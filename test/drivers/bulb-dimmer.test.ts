import { beforeEach, expect, test } from "vitest"
import { bulbDimmer, type DimmedBulb } from "../../src/drivers/bulb-dimmer"
import { FakeClock } from "../fakes/clock"
import { FakePwm } from "../fakes/pins"

let clock: FakeClock
let pin: FakePwm
let bulb: DimmedBulb
const light = (level: number) => (level / 255) ** 2.2

beforeEach(() => {
  clock = new FakeClock()
  pin = new FakePwm()
  bulb = bulbDimmer(pin, clock)
})

test("is dark from the first moment", () => expect(pin.duties).toEqual([0]))

test.each([
  [255, 1],
  [128, light(128)],
  [1, light(1)],
  [0, 0],
  [-3, 0],
  [300, 1],
  [NaN, 0],
])("brightness %d is a duty of %d", (brightness, duty) => {
  bulb.set(brightness, 0)
  expect(pin.duty).toBeCloseTo(duty, 12)
})

test("fades for 400 ms unless told, and takes over in the middle without a jump", () => {
  bulb.set(255)
  clock.advance(200)
  expect(pin.duty).toBeCloseTo(light(127.5), 9)
  bulb.set(0, 100)
  expect(pin.duty).toBeCloseTo(light(127.5), 9)
  clock.advance(120)
  expect([pin.duty, clock.nextInMs()]).toEqual([0, undefined])
})
