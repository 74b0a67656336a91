import { createMqtt } from "../../src/mqtt/client"
import type { MqttClient, MqttOptions } from "../../src/mqtt/contract"
import type { Five, Persistence, Session, Slices } from "../../src/mqtt/parts"
import { qos1 } from "../../src/mqtt/qos1"
import { createSession, REFUSE, type FullPolicy } from "../../src/mqtt/session"
import { unsubscribe } from "../../src/mqtt/unsubscribe"
import { FakeClock } from "../fakes/clock"
import { ScriptedNetwork, type ScriptedSocket } from "../fakes/network"
import { connack } from "./reference"

export interface BenchOptions extends Partial<MqttOptions> {
  slots?: number
  maxMessageBytes?: number
  policy?: FullPolicy
  /** `qos1`, the default, or `qos2`. */
  acks?: (session: Session) => void
  persistence?: Persistence
  /** MQTT 5, made with the bench's own clock. */
  five?: (clock: FakeClock) => Five
  slices?: Slices
}

/** A client on a scripted network and a fake clock; `events` is what it reported, in words. */
export class Bench {
  readonly network = new ScriptedNetwork()
  readonly clock = new FakeClock(1000)
  readonly events: string[] = []
  readonly session: Session
  readonly mqtt: MqttClient

  constructor({
    slots = 4,
    maxMessageBytes = 20_000,
    policy = REFUSE,
    acks = qos1,
    persistence,
    five,
    slices,
    ...options
  }: BenchOptions = {}) {
    this.session = createSession(slots, maxMessageBytes, policy, acks, persistence)
    const report = {
      onUp: (isResumed: boolean) => void this.events.push(isResumed ? "up resumed" : "up"),
      onDown: (reason: number) => void this.events.push(`down ${reason}`),
      onTrouble: (code: number, about: string) => void this.events.push(`trouble ${code} ${about}`),
    }
    this.mqtt = createMqtt(
      this.network,
      this.clock,
      report,
      {
        clientId: "c",
        keepAliveS: 60,
        maxPacketBytes: 256,
        maxUnsentBytes: 100,
        maxSubscriptions: 4,
        ...options,
      },
      this.session,
      five?.(this.clock),
      slices,
    )
  }

  get socket(): ScriptedSocket {
    return this.network.socket
  }

  /** Dials; the CONNECT that went out is returned as hex. */
  dial(): string {
    this.network.allow()
    if (this.mqtt.open("10.0.0.2", 1883) !== 0) throw new Error("the client did not dial")
    return this.socket.sent()
  }

  /** Dials and is accepted, by a CONNACK of 3.1.1 if not told which. What went out behind it is left to look at. */
  online(sessionPresent: boolean | string = false): this {
    this.dial()
    this.socket.giveBytes(typeof sessionPresent === "string" ? sessionPresent : connack(0, sessionPresent))
    return this
  }

  /** The events since the last look. */
  seen(): string[] {
    return this.events.splice(0)
  }

  /** Gives bytes as the broker, and returns the answer as hex. */
  answer(bytes: string): string {
    this.socket.giveBytes(bytes)
    return this.socket.sent()
  }

  /** Subscribes, and writes down each message as "filter: topic=payload". */
  listen(filter: string, qos: 0 | 1 | 2 = 0): number {
    return this.mqtt.subscribe(filter, (payload, topic) => void this.events.push(`${filter}: ${topic}=${payload}`), qos)
  }

  unsubscribe(filter: string): void {
    unsubscribe(this.mqtt, filter)
  }
}

/** A client that is online, and nothing left to look at. */
export function onlineBench(options?: BenchOptions): Bench {
  const bench = new Bench(options).online()
  bench.seen()
  return bench
}
