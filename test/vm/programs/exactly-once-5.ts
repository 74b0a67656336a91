import { qos2 } from "motewire/mqtt/qos2"
import { mqtt5 } from "motewire/mqtt/v5/mqtt5"
import { exactlyOnce } from "./exactly-once"

export default exactlyOnce({ acks: qos2, protocol: (clock) => mqtt5(clock) })
