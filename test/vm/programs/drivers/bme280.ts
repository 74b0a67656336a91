import { bme280 } from "motewire/drivers/bme280"
import { openI2c } from "../../../../src/hal/espruino/i2c"
import { drive } from "./drive"

export default drive(
  () => openI2c([21, 22]),
  bme280,
  (sensor, _nth, done) => sensor.sample(done),
)
