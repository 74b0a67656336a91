/** What this broker can do and what it allows. The announced ones go into CONNACK where they differ from the standard's default. */
export interface Capabilities {
  /** Protocol levels that are let in: 4 is 3.1.1, 5 is 5.0. */
  protocolLevels: number[]
  maximumQos: 0 | 1 | 2
  retainAvailable: boolean
  /** QoS 1 and 2 messages that a client may have unacknowledged; 0x93 for one more. */
  receiveMaximum: number
  /** Bytes of a whole packet from a client; 0x95 for one more. Undefined: what the protocol can say. */
  maximumPacketSize: number | undefined
  /** Aliases that a client may set; 0x94 for a higher one. */
  topicAliasMaximum: number
  /** Overrides the client's keep-alive. */
  serverKeepAliveS: number | undefined
  wildcards: boolean
  sharedSubscriptions: boolean
  subscriptionIds: boolean
  /** Longest session expiry that is granted. */
  sessionExpiryMaximumS: number | undefined
  /** Told to clients that ask for it. */
  responseInformation: string | undefined
  /** A message that matches several subscriptions of a client: one copy with all ids, or one copy each (5.0 §3.3.4). */
  overlap: "one" | "each"
  /** Payloads that claim to be UTF-8 are looked at; 0x99 for those that are not. */
  checksPayloadFormat: boolean
  /** Messages kept for one client beside those in flight; the newest are dropped when it is full. */
  queueMaximum: number
}

export const DEFAULT_CAPABILITIES: Readonly<Capabilities> = {
  protocolLevels: [4, 5],
  maximumQos: 2,
  retainAvailable: true,
  receiveMaximum: 65_535,
  maximumPacketSize: undefined,
  // as mosquitto 2.0 has it
  topicAliasMaximum: 10,
  serverKeepAliveS: undefined,
  wildcards: true,
  sharedSubscriptions: true,
  subscriptionIds: true,
  sessionExpiryMaximumS: undefined,
  responseInformation: undefined,
  overlap: "one",
  checksPayloadFormat: false,
  queueMaximum: 65_535,
}
