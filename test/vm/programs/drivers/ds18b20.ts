import { ds18b20 } from "motewire/drivers/ds18b20"
import { openOneWire } from "../../../../src/hal/espruino/one-wire"
import { drive } from "./drive"

export default drive(
  () => openOneWire(4),
  (bus, clock) => ds18b20(bus, clock),
  (sensors, _nth, done) => sensors.sample(done),
)
