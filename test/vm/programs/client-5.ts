import { createMqtt } from "../../../src/mqtt/client"
import { login } from "../../../src/mqtt/login"
import { isDuplicate, isRetained } from "../../../src/mqtt/message"
import { qos2 } from "../../../src/mqtt/qos2"
import { createSession, DROP_OLDEST } from "../../../src/mqtt/session"
import { unsubscribe } from "../../../src/mqtt/unsubscribe"
import {
  contentType,
  correlationData,
  isUtf8,
  messageExpiryS,
  responseTopic,
  subscriptionId,
  userProperty,
} from "../../../src/mqtt/v5/message"
import { mqtt5, will5 } from "../../../src/mqtt/v5/mqtt5"
import { handOver, type Make } from "./hand-over"

/** All of MQTT 5.0. */
export const make: Make = (network, clock, events, options) =>
  createMqtt(network, clock, events, options, createSession(8, 512, DROP_OLDEST, qos2), mqtt5(clock))

export default () =>
  handOver("make", [
    make,
    will5,
    login,
    unsubscribe,
    isRetained,
    isDuplicate,
    contentType,
    correlationData,
    isUtf8,
    messageExpiryS,
    responseTopic,
    subscriptionId,
    userProperty,
  ])
