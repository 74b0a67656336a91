import type { IConnectPacket } from "mqtt-packet"
import type { Message } from "../events"
import { bytesOf, carried } from "./message"
import type { UserProperty } from "./property-block"

/** What is published when a client leaves without saying goodbye. */
export interface Will {
  message: Message
  /** Waits so long for the client to come back (5.0 §3.1.3.2.2); the end of the session cuts it short. */
  delayS: number
}

export function willOf(clientId: string, will: IConnectPacket["will"], pairs: UserProperty[]): Will | undefined {
  if (!will) return undefined
  const { topic, payload, qos = 0, retain = false, properties = {} } = will
  const kept = carried(properties, pairs)
  const message = { atUs: 0, from: clientId, topic, payload: bytesOf(payload), qos, retain }
  return { message: kept ? { ...message, properties: kept } : message, delayS: properties.willDelayInterval ?? 0 }
}
