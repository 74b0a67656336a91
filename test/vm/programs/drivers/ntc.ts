import { ntc } from "motewire/drivers/ntc"
import { openAnalog } from "../../../../src/hal/espruino/analog"
import { drive } from "./drive"

const OPTIONS = { nominalOhm: 10_000, beta: 3950, resistorOhm: 10_000, supplyV: 3.3, fullScaleV: 3.1 }

export default drive(
  () => openAnalog(34),
  (pin, clock) => ntc(pin, clock, OPTIONS),
  (sensor, _nth, done) => sensor.sample(done),
)
