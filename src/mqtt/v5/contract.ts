/** What MQTT 5 adds to what a client asks for and promises. Types only. */
import type { Five } from "../parts"
import type { UserProperties } from "./properties"

/** Enhanced authentication (clause 4.12); `scramSha256` of scram.ts is one. All data is bytes. */
export interface Authenticator {
  authMethod: string
  /** The client's first message; called for each connection and re-authentication. */
  firstData(): string
  /** The answer to a challenge, or undefined when it is not to be trusted. */
  answerTo(challenge: string): string | undefined
  /** The broker's last message: false when it does not prove who the broker is. */
  isProof(data: string): boolean
}

export interface Mqtt5Options {
  /**
   * Seconds the broker keeps the session after the connection ends; 0xFFFFFFFF for ever, which is the default with
   * `keepSession`. Without it the default is 0.
   */
  sessionExpiryS?: number
  /**
   * QoS 1 and 2 messages that the broker may have under way to us, 1 to 65,535; one more at QoS 2 ends the connection. By
   * default it is told 16, and MAX_RECEIVED of qos2.ts are borne: Mosquitto 2.0.11 sends what it likes.
   */
  receiveMaximum?: number
  /** Topic aliases that the broker may use to us, each a topic held in memory. Default 0. */
  topicAliasMaximum?: number
  /** Asks for a prefix for response topics: `announced(RESPONSE_INFORMATION)`, if the broker has one. */
  wantsResponseInformation?: boolean
  /** Sent with CONNECT. */
  userProperties?: UserProperties
  authenticator?: Authenticator
}

/** What the broker said about itself and its last answer, and what only MQTT 5 can do. */
export interface Mqtt5 extends Five {
  /**
   * What the broker said of itself in the last CONNACK (clause 3.2.2.3), by identifiers of properties.ts: MAXIMUM_QOS,
   * RETAIN_AVAILABLE, WILDCARDS_AVAILABLE and so on. Undefined is the standard's default, which is that it can.
   */
  announced(id: number, nth?: number): number | string | undefined
  /** Text of the last CONNACK, acknowledgement, DISCONNECT or AUTH of this connection, if it had one; for people. */
  reasonString: string | undefined
  /** Where to go instead, from a CONNACK or DISCONNECT 0x9C or 0x9D: "host:port", maybe several (clause 4.11). */
  serverReference: string | undefined
  /** Proves again who we are, on the live connection. Offline, or without an authenticator, nothing happens. */
  reauthenticate(): void
  /**
   * Says why, then closes: 0x04 has the will published. `sessionExpiryS` replaces that of CONNECT, unless that was 0
   * (clause 3.14.2.2.2).
   */
  disconnect(reason?: number, sessionExpiryS?: number): void
}
