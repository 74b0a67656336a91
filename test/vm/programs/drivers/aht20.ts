import { aht20 } from "motewire/drivers/aht20"
import { openI2c } from "../../../../src/hal/espruino/i2c"
import { drive } from "./drive"

export default drive(
  () => openI2c([21, 22]),
  aht20,
  (sensor, _nth, done) => sensor.sample(done),
)
