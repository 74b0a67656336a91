import { createMqtt } from "../../../src/mqtt/client"
import { qos1 } from "../../../src/mqtt/qos1"
import { createSession, DROP_OLDEST } from "../../../src/mqtt/session"
import { handOver, type Make } from "./hand-over"

/** The client at QoS 0 and 1. */
export const make: Make = (network, clock, events, options) =>
  createMqtt(network, clock, events, options, createSession(8, 512, DROP_OLDEST, qos1))

export default () => handOver("make", make)
