import { qos2 } from "motewire/mqtt/qos2"
import { exactlyOnce } from "./exactly-once"

export default exactlyOnce({ acks: qos2 })
