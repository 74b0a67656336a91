import type { IConnackPacket, IConnectPacket } from "mqtt-packet"
import type { Broker } from "./broker"
import type { Capabilities } from "./capabilities"
import type { Refusal } from "./policy"
import * as reason from "./reason"
import { R_PROTOCOL_ERROR } from "./reason"
import { NEVER_S } from "./session"
import { isTopicName } from "./topic"

type ConnackProperties = NonNullable<IConnackPacket["properties"]>

/** What the session and the connection follow from CONNECT, defaults of the standard filled in. */
export interface Terms {
  isClean: boolean
  keepAliveS: number
  sessionExpiryS: number
  receiveMaximum: number
  topicAliasMaximum: number
  maximumPacketSize: number
  wantsProblemInformation: boolean
  wantsResponseInformation: boolean
}

export function termsOf(packet: IConnectPacket, capabilities: Capabilities): Terms {
  const isClean = packet.clean !== false
  const { properties = {} } = packet
  const isFive = packet.protocolVersion === 5
  const askedS = isFive ? (properties.sessionExpiryInterval ?? 0) : isClean ? 0 : NEVER_S
  return {
    isClean,
    // [MQTT-3.2.2-21] of 5.0: the server's word counts, 0 too
    keepAliveS: (isFive ? capabilities.serverKeepAliveS : undefined) ?? packet.keepalive ?? 0,
    sessionExpiryS: isFive ? Math.min(askedS, capabilities.sessionExpiryMaximumS ?? NEVER_S) : askedS,
    receiveMaximum: properties.receiveMaximum ?? 65_535,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    maximumPacketSize: properties.maximumPacketSize ?? Infinity,
    wantsProblemInformation: properties.requestProblemInformation ?? true,
    wantsResponseInformation: properties.requestResponseInformation ?? false,
  }
}

/** Why a client is not let in, in the order in which the reasons are looked for; undefined lets it in. */
export function refusalOf(packet: IConnectPacket, broker: Broker, clientId: string, peer: string): Refusal | undefined {
  const code = faultOf(packet, broker.capabilities)
  if (code) return { code }
  if (broker.redirection) return broker.redirection
  if (broker.returnCode) return { code: reason.reasonOfReturnCode(broker.returnCode) }
  // [MQTT-3.1.3-8] of 3.1.1: an empty id needs a clean session. 5.0 gives one to whoever asks (§3.1.3.1).
  if (packet.protocolVersion !== 5 && !packet.clientId && packet.clean === false)
    return { code: reason.R_CLIENT_ID_INVALID }
  if (!isKnown(packet, broker)) return { code: reason.R_BAD_USER_OR_PASSWORD }
  const { username, password, protocolVersion: protocolLevel = 4 } = packet
  return broker.policy.connect?.({ clientId, protocolLevel, username, password: password?.toString("latin1"), peer })
}

/** CONNACK's properties: what differs from the standard's defaults (5.0 §3.2.2.3). */
export function announce(packet: IConnectPacket, terms: Terms, capabilities: Capabilities, clientId: string) {
  const properties: ConnackProperties = {}
  const askedS = packet.properties?.sessionExpiryInterval ?? 0
  if (terms.sessionExpiryS !== askedS) properties.sessionExpiryInterval = terms.sessionExpiryS
  if (capabilities.receiveMaximum < 65_535) properties.receiveMaximum = capabilities.receiveMaximum
  if (capabilities.maximumQos < 2) properties.maximumQoS = capabilities.maximumQos
  if (!capabilities.retainAvailable) properties.retainAvailable = false
  if (capabilities.maximumPacketSize) properties.maximumPacketSize = capabilities.maximumPacketSize
  if (!packet.clientId) properties.assignedClientIdentifier = clientId // [MQTT-3.2.2-16]
  if (capabilities.topicAliasMaximum) properties.topicAliasMaximum = capabilities.topicAliasMaximum
  if (!capabilities.wildcards) properties.wildcardSubscriptionAvailable = false
  if (!capabilities.subscriptionIds) properties.subscriptionIdentifiersAvailable = false
  if (!capabilities.sharedSubscriptions) properties.sharedSubscriptionAvailable = false
  if (capabilities.serverKeepAliveS !== undefined) properties.serverKeepAlive = capabilities.serverKeepAliveS
  if (terms.wantsResponseInformation && capabilities.responseInformation)
    properties.responseInformation = capabilities.responseInformation
  return properties
}

/** What makes a CONNECT impossible here whoever sends it. 0 when nothing does. */
function faultOf({ will, properties }: IConnectPacket, capabilities: Capabilities): number {
  if (properties?.authenticationData && properties.authenticationMethod === undefined) return R_PROTOCOL_ERROR
  if (!will) return 0
  if (!isTopicName(will.topic)) return R_PROTOCOL_ERROR
  // [MQTT-3.2.2-12, -13] of 5.0
  if ((will.qos ?? 0) > capabilities.maximumQos) return reason.R_QOS_NOT_SUPPORTED
  return will.retain && !capabilities.retainAvailable ? reason.R_RETAIN_NOT_SUPPORTED : 0
}

function isKnown(packet: IConnectPacket, { credentials }: Broker): boolean {
  if (!credentials) return true
  return packet.username === credentials.user && packet.password?.toString("latin1") === credentials.password
}
