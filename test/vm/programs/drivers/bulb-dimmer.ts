import { bulbDimmer } from "motewire/drivers/bulb-dimmer"
import { drive } from "./drive"
import { fakePwm, ONE_STEP_MS } from "./fake-lamp"

export default drive(fakePwm, bulbDimmer, (lamp, nth) => lamp.set(nth * 4, ONE_STEP_MS))
