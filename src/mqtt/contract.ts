/** What a client promises and what it asks for. Types only: nothing of this reaches a bundle. */
import type { ConnectFields } from "./encode"

/** `payload` and `topic` are byte strings: UTF-8 text arrives as its bytes. */
export type Handler = (payload: string, topic: string) => void

export interface PublishOptions {
  /** 0: sent once, if online. 1: kept until the broker acknowledges it. Default 0. */
  qos?: 0 | 1
  /** The broker keeps the message for later subscribers. Default false. */
  retain?: boolean
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
  /** The connection is gone, or was refused: a CONNACK return code (1 to 5) or a DOWN_ code. */
  onDown(reason: number): void
  /**
   * Something was lost or refused while the connection stays: E_TOO_BIG and the topic, SUBACK_FAILURE and the filter,
   * or E_HANDLER and the error of a handler that threw.
   */
  onTrouble(code: number, about: string): void
}

export interface MqttOptions extends ConnectFields {
  /** Bytes gathered for one packet, 128 and up. A larger one is acknowledged, reported and passed over. */
  maxPacketBytes: number
  /** While more than this waits in the socket, nothing is added to it. */
  maxUnsentBytes: number
  maxSubscriptions: number
}

/** MQTT 3.1.1, QoS 0 and 1. It never reconnects by itself: `net/supervisor` decides when. */
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
   * Publishes bytes: 0 sent, 1 accepted at QoS 1, E_OFFLINE, E_FULL or E_TOO_BIG if not. Throws as `topic` does. Prepare a
   * topic that is used again and again: it costs a third less.
   */
  publish(name: string, payload: string, options?: PublishOptions): number
  /**
   * Calls `run` for each message that `filter` covers, from now on and after every reconnect. Returns 0 or E_FULL;
   * throws on a filter with a wildcard in the wrong place.
   */
  subscribe(filter: string, run: Handler, qos?: 0 | 1): number
}
