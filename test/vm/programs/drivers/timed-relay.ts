import { timedRelay } from "motewire/drivers/timed-relay"
import { drive } from "./drive"

/** On and off in turn, each once its time has come. */
export default drive(
  () => ({ write() {} }),
  (pin, clock) => timedRelay(pin, clock, 60_000, 180_000, () => {}),
  (relay, nth) => relay.set(nth % 2 === 0),
)
