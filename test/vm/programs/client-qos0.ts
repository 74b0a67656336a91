import { createMqtt } from "../../../src/mqtt/client"
import { handOver, type Make } from "./hand-over"

/** The client at QoS 0 alone. */
export const make: Make = (network, clock, events, options) => createMqtt(network, clock, events, options)

export default () => handOver("make", make)
