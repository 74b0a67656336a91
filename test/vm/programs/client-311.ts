import { createMqtt } from "../../../src/mqtt/client"
import { login } from "../../../src/mqtt/login"
import { isDuplicate, isRetained } from "../../../src/mqtt/message"
import { qos2 } from "../../../src/mqtt/qos2"
import { createSession, DROP_OLDEST } from "../../../src/mqtt/session"
import { unsubscribe } from "../../../src/mqtt/unsubscribe"
import { isText } from "../../../src/mqtt/utf8"
import { will } from "../../../src/mqtt/will"
import { handOver, type Make } from "./hand-over"

/** All of MQTT 3.1.1. */
export const make: Make = (network, clock, events, options) =>
  createMqtt(network, clock, events, options, createSession(8, 512, DROP_OLDEST, qos2))

export default () => handOver("make", [make, will, login, unsubscribe, isRetained, isDuplicate, isText])
