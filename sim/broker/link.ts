import type { Packet } from "mqtt-packet"
import type { MqttAction } from "../events"

export interface Telling {
  topic?: string
  qos?: number
  reason?: string
}

/** What the parts of a connection see of it. */
export interface Link {
  readonly clientId: string
  readonly isFive: boolean
  /** A write may find that the client is gone. */
  readonly isOpen: boolean
  readonly nowUs: number
  /** "muted": a test keeps packets of this kind back; "too large": for this client. */
  send(packet: Packet): "sent" | "muted" | "too large"
  tell(action: MqttAction, fields: Telling): void
}
