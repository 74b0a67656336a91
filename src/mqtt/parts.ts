/** How the parts of a client see each other. Types only: what a program passes to `createMqtt` is what its bundle carries. */
import type { Socket } from "../hal/socket"
import type { Handler, MqttEvents, MqttOptions, PreparedTopic, PublishOptions, SubscribeOptions } from "./contract"

export interface Subscription {
  /** What topics are matched against; and the same as a length-prefixed field. */
  _filter: string
  _encoded: string
  _run: Handler
  /** The QoS asked for, or -1 once it is to be unsubscribed. */
  _qos: number
  /** The broker has answered: a session that it keeps has the subscription. */
  _isKnown?: boolean
  /** MQTT 5: the filter as it was asked for, which differs when it is shared; and the rest of what was. */
  _wire?: string
  _asked?: SubscribeOptions
}

/** What MQTT 5 may see and set of its client. */
export interface Link {
  readonly _options: MqttOptions
  readonly _events: MqttEvents
  readonly _session: Session | undefined
  _drop(reason: number): void
  /** Lost when there is no connection. */
  _write(packet: string): void
  /** Milliseconds between two pings, 0 for none; and the largest remaining length of a PUBLISH at QoS 0. */
  _limit(pingMs: number, maxBytes: number): void
}

/** What MQTT 5 does differently; see v5/mqtt5.ts. */
export interface Five {
  _attach(link: Link): void
  /** The properties of CONNECT, with the count of their bytes. */
  _connect(): string
  /** The answer in a CONNACK: 0 when it is a new session, -1 a resumed one, above zero why not. */
  _connack(packet: string, at: number): number
  /** What stands between topic (or packet id) and payload of a PUBLISH. */
  _tail(options?: PublishOptions): string
  /** A SUBSCRIBE or UNSUBSCRIBE behind its packet id; "" when this broker is known not to take it, which was reported. */
  _request(subscription: Subscription): string
  /** The code in a SUBACK or UNSUBACK. */
  _code(packet: string, at: number): number
  /** A PUBLISH of QoS 0 behind its header, up to its payload, with an alias when there is one. */
  _alias(name: string, options: PublishOptions): string
  /** The first byte of a PUBLISH without what the broker does not take. */
  _allowed(first: number): number
  /** Completes a subscription that was just made. */
  _prepare(subscription: Subscription, options: SubscribeOptions): void
  /**
   * A PUBLISH whose properties start at `at`: returns where its payload starts and leaves the topic, which may stand for an
   * alias, in `_topic`; nothing when the connection was ended. `isCut` when the packet is larger than is taken.
   */
  _open(packet: string, at: number, topic: string, isCut: unknown): number | void
  _topic: string
  /** Set by the client: what is too large is handed on in slices. */
  _hasSlices?: boolean
  /** True when this PUBLISH was sent for a subscription with this identifier, or without one. */
  _isFor(id: number | undefined, packet: string): boolean
  /** Any other packet; false when there is no such packet, or not now. */
  _other(first: number, packet: string, at: number): boolean
}

/**
 * Keeps packets over a power loss: `createMqtt` calls these hooks before the packet goes out. Keys are 2 or 3 bytes and
 * no text; packets are byte strings of up to `maxMessageBytes` and a few.
 */
export interface Persistence {
  /** Keeps `packet` under `key` behind all others, in place of an older one. False when there is no room: it is then not sent. */
  store(key: string, packet: string): boolean
  /** Everything kept, in the order in which it was stored. */
  retrieve(): Record<string, string>
  clear(key: string): void
  /** Asked every few seconds: true when a restart is wanted, which a program then makes in good order. */
  isLow?(): boolean
}

/**
 * The QoS 1 and 2 messages on their way to the broker. What starts with an underscore is between the client, the session
 * and what `qos1` or `qos2` add to it: acknowledgements, which are never queued, so that a full queue cannot hold them up.
 */
export interface Session {
  /** Messages not yet acknowledged. */
  pending(): number
  /** Messages that gave way because of the policy; whoever has told of them sets it to 0. */
  dropped: number

  // Of the session:
  /** PUBLISH packets by packet id, in the order in which they were accepted. */
  readonly _packets: Record<string, string>
  _store?: Persistence | undefined
  /** True when the message with this id was ever sent; if it waits to be sent again, it waits no more. */
  _claimSent?(id: string): unknown
  /** The message with this id is acknowledged. One that is not in flight is ignored. */
  _release(id: string): void
  /** The packet of this id is gone already: so is now the last trace of it. */
  _finish(id: string): void
  _topic(firstByte: number, encoded: string, tail: string): PreparedTopic
  /** A new connection: all that is unacknowledged waits to go out again, in order; as new when the broker kept no session. */
  _up(socket: Socket, isResumed: boolean): void
  _pump(): void

  // Of qos1 or qos2:
  /** The first byte of the lowest kind of PUBLISH that is not acknowledged. */
  _tooHigh: string
  /** Acknowledges a PUBLISH; false, or nothing when the connection was ended, when it is not to be handed on. */
  _accept(socket: Socket, packet: string, id: string): boolean | void
  /** Takes a packet of four bytes; false when it is no acknowledgement. */
  _reply(socket: Socket, packet: string): boolean
  _resume?(socket: Socket, isResumed: boolean): void
  /** True when a QoS 2 message with this id was handed on and is not released yet. */
  _isDuplicate?(id: string): unknown
  /** The broker closed the connection while it was online. */
  _onClose?(): void
  /** What is published at QoS 2 goes out at QoS 1: the broker knows no QoS 2. */
  _isLowered?: boolean

  // Of the client:
  /** The connection while it is online. */
  _socket?: Socket | undefined
  /** True while so much waits in the socket that nothing is added to it. */
  _isBusy?(): unknown
  _drop?(reason: number): void
  _events?: MqttEvents

  // Of MQTT 5:
  /** The broker takes not every QoS, or no retained messages: each packet is revised. */
  _isLimited?: boolean
  /** QoS 2 messages that may be under way to us. */
  _maxReceived?: number | undefined
  /** Messages that the broker lets us have under way: its Receive Maximum. */
  _quota?: number
  /** The largest remaining length that the broker takes. */
  _maxBytes?: number
  _nowMs?(): number
  /**
   * A packet about to be sent, fit for this broker and with its expiry counted down from `heldMs`, the time since which it
   * waits, if it was never sent. It may have become one of QoS 0; "" when it is not to be sent any more, which was reported.
   */
  _revise?(packet: string, heldMs: number): string
}

/** Hands on in slices what is larger than `maxPacketBytes`; see slices.ts. */
export interface Slices {
  /** What the client lends: how a handler is called, and who acknowledges. */
  _attach(
    hand: (subscription: Subscription, payload: string, topic: string, packet: string) => void,
    session: Session | undefined,
    five: Five | undefined,
  ): void
  /** A packet that is cut, of which `missing` bytes are still to come; false when nobody asked for slices of it. */
  _begin(
    subscriptions: readonly Subscription[],
    packet: string,
    payloadAt: number,
    topic: string,
    id: string,
    missing: number,
  ): boolean
  /** The next bytes, up to the packet's end and not beyond. */
  _more(bytes: string): void
  /** The connection ended. */
  _end(): void
}
