import { dht22 } from "motewire/drivers/dht22"
import { openWire } from "../../../../src/hal/espruino/wire"
import { drive } from "./drive"

export default drive(
  () => openWire(4),
  dht22,
  (sensor, _nth, done) => sensor.sample(done),
)
