/** What a client promises and what it asks for. Types only: nothing of this reaches a bundle. */
import type { ConnectFields } from "./encode"

/**
 * `payload` and `topic` are byte strings: UTF-8 text arrives as its bytes. `packet` is the whole PUBLISH: `isRetained`
 * (message.ts) and the functions of v5/message.ts read the rest from it.
 */
export type Handler = (payload: string, topic: string, packet: string) => void

export interface PublishOptions {
  /** 0: sent once, if online. 1: kept until acknowledged, may arrive twice. 2: the same, arrives once. Default 0. */
  qos?: 0 | 1 | 2
  /** The broker keeps the message for later subscribers. Default false. */
  retain?: boolean
  /** MQTT 5, and ignored in 3.1.1. */
  properties?: PublishProperties
  /** MQTT 5, QoS 0, a prepared topic: after the first message only a number of two bytes goes out. Default false. */
  alias?: boolean
}

/** Clause 3.3.2.3 of MQTT 5. Texts are byte strings of UTF-8. */
export interface PublishProperties {
  /** Seconds after which the broker, and the queue here, forget the message. 1 to 4,294,967,295. */
  expiryS?: number
  contentType?: string
  /** The payload is UTF-8 text. */
  isUtf8?: boolean
  responseTopic?: string
  /** Any bytes; they come back with the response. */
  correlationData?: string
  /** Pairs of name and value, in order; a name may stand twice. */
  userProperties?: readonly (readonly [name: string, value: string])[]
}

/** Clause 3.8.3.1 of MQTT 5; ignored in 3.1.1. */
export interface SubscribeOptions {
  /** Messages that this client published itself do not come back. Not for shared subscriptions [MQTT-3.8.3-4]. */
  noLocal?: boolean
  /** The retain flag arrives as it was published. */
  retainAsPublished?: boolean
  /** Retained messages are sent 0: on each subscribe, 1: when the subscription is new, 2: never. Default 0. */
  retainHandling?: 0 | 1 | 2
  /** Subscription identifier, 1 to 268,435,455: comes with each message, so that overlapping filters are told apart. */
  id?: number
  userProperties?: readonly (readonly [name: string, value: string])[]
}

/** A topic that is published to again and again: its name is checked and encoded once. */
export interface PreparedTopic {
  /** Publishes bytes. Returns what `MqttClient.publish` returns. */
  publish(payload: string): number
}

/** All are bound once. They are called from the socket or the timer; only `drop` and `close` call onDown themselves. */
export interface MqttEvents {
  /** The broker accepted us. `isResumed`: it still had our session. */
  onUp(isResumed: boolean): void
  /** The connection is gone, or was refused: a CONNACK return code, a DOWN_ code or an MQTT 5 reason code. */
  onDown(reason: number): void
  /**
   * Something was lost or refused while the connection stays: E_TOO_BIG or E_STORAGE and the topic, E_SESSION_LOST and "",
   * E_LOWER_QOS, 0x80 and up and the filter or topic that the broker refused, or E_HANDLER and the error of a handler that threw.
   */
  onTrouble(code: number, about: string): void
}

export interface MqttOptions extends ConnectFields {
  /** Bytes gathered for one packet, 128 and up. A larger one is handed on in slices, or acknowledged, reported and passed over. */
  maxPacketBytes: number
  /** While more than this waits in the socket, nothing is added to it. */
  maxUnsentBytes: number
  maxSubscriptions: number
  /** `isText` of utf8.ts: a topic that is not well-formed UTF-8 ends the connection. Default: it is handed on as it is. */
  isText?: (bytes: string) => boolean
}

/** It never reconnects by itself: `net/supervisor` decides when. */
export interface MqttClient {
  /** Dials; blocks while TCP connects. Returns 0, or below zero when the broker was not reached. */
  open(host: string, port: number): number
  /** Gives the connection up without DISCONNECT, so that the broker publishes the will. Reports `reason`. */
  drop(reason: number): void
  /**
   * Says goodbye, so that the will is not published [MQTT-3.14.4-3], and closes. A program's supervisor dials again when
   * Wi-Fi comes back.
   */
  close(): void
  isOnline(): boolean
  /** Prepares a topic. Throws on a name that is empty or has a wildcard or NUL: that is a bug in the program. */
  topic(name: string, options?: PublishOptions): PreparedTopic
  /**
   * Publishes bytes: 0 sent, 1 accepted at QoS 1 or 2, E_OFFLINE, E_FULL, E_TOO_BIG or E_STORAGE if not. Throws
   * as `topic` does. Prepare a topic that is used again and again: it costs a third less.
   */
  publish(name: string, payload: string, options?: PublishOptions): number
  /**
   * Calls `run` for each message that `filter` covers, from now on and after every reconnect. Returns 0 or E_FULL;
   * throws on a filter with a wildcard in the wrong place.
   */
  subscribe(filter: string, run: Handler, qos?: 0 | 1 | 2, options?: SubscribeOptions): number
  /** For `unsubscribe` of unsubscribe.ts, without which it is not there. */
  _unsubscribe?: ((filter: string) => void) | undefined
}
