import { dht11 } from "motewire/drivers/dht11"
import { openWire } from "../../../../src/hal/espruino/wire"
import { drive } from "./drive"

export default drive(
  () => openWire(4),
  dht11,
  (sensor, _nth, done) => sensor.sample(done),
)
