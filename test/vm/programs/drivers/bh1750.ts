import { bh1750 } from "motewire/drivers/bh1750"
import { openI2c } from "../../../../src/hal/espruino/i2c"
import { drive } from "./drive"

export default drive(
  () => openI2c([21, 22]),
  bh1750,
  (sensor, _nth, done) => sensor.sample(done),
)
