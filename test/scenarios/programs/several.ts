import { program } from "motewire"
import { brokers } from "motewire/net/brokers"

/** Says that it is there, to whichever broker takes it. */
export default program({}, ({ mqtt, every }) => every(5000, () => mqtt.publish("several/alive", "yes")), { brokers })
