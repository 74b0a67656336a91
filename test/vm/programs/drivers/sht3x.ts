import { sht3x } from "motewire/drivers/sht3x"
import { openI2c } from "../../../../src/hal/espruino/i2c"
import { drive } from "./drive"

export default drive(
  () => openI2c([21, 22]),
  sht3x,
  (sensor, _nth, done) => sensor.sample(done),
)
