import { parser, type Packet } from "mqtt-packet"
import type { Alarm, Clock as HalClock } from "../../../src/hal/clock"
import type { Network, Socket } from "../../../src/hal/socket"
import { createMqtt } from "../../../src/mqtt/client"
import type { Handler, MqttClient, MqttOptions, SubscribeOptions } from "../../../src/mqtt/contract"
import { qos2 } from "../../../src/mqtt/qos2"
import { createSession, REFUSE } from "../../../src/mqtt/session"
import type { Session } from "../../../src/mqtt/parts"
import { mqtt5, type Mqtt5, type Mqtt5Options } from "../../../src/mqtt/v5/mqtt5"
import { Broker, type BrokerOptions } from "../../../sim/broker/broker"
import type { ClientConnection } from "../../../sim/broker/connection"
import { Clock } from "../../../sim/clock/clock"

/** One way through the house's network. */
const LATENCY_US = 1000

/** The simulator's broker on its virtual clock, and clients of ours that reach it through sockets of bytes. */
export class House {
  readonly clock = new Clock()
  readonly broker: Broker

  constructor(options: BrokerOptions = {}) {
    this.broker = new Broker(this.clock, () => undefined, options)
  }

  device(options: DeviceOptions = {}): Device {
    return new Device(this, options)
  }

  /** Time passes. */
  runS(seconds: number): void {
    this.clock.advance(seconds * 1_000_000)
  }

  get halClock(): HalClock {
    return { nowMs: () => this.clock.nowUs / 1000, alarm: (run) => new HouseAlarm(this.clock, run) }
  }
}

class HouseAlarm implements Alarm {
  private pending: ReturnType<Clock["after"]> | undefined

  constructor(
    private readonly clock: Clock,
    private readonly run: () => void,
  ) {}

  set(inMs: number): void {
    this.clear()
    this.pending = this.clock.after(inMs * 1000, this.run)
  }

  clear(): void {
    this.clock.cancel(this.pending)
  }
}

class HouseSocket implements Socket {
  private readonly listeners: Record<string, ((bytes: string) => void)[]> = {}
  private isOpen = true
  readonly connection: ClientConnection

  constructor(
    private readonly house: House,
    private readonly onSent: (bytes: Buffer) => void,
    onHeard: (bytes: Buffer) => void,
  ) {
    this.connection = house.broker.accept({
      peer: "device",
      write: (bytes) => {
        onHeard(bytes)
        this.later("data", bytes.toString("latin1"))
      },
      close: () => this.later("close", ""),
    })
  }

  write(bytes: string): void {
    const buffer = Buffer.from(bytes, "latin1")
    this.onSent(buffer)
    this.house.clock.after(LATENCY_US, () => this.isOpen && this.connection.receive(buffer))
  }

  end(): void {
    this.house.clock.after(LATENCY_US, () => this.connection.onStreamClosed("closed by client"))
  }

  /** The link breaks: neither side hears of it from the other. */
  cut(): void {
    this.isOpen = false
    this.connection.onStreamClosed("connection reset")
    this.emit("close", "")
  }

  on(event: string, run: (bytes: string) => void): void {
    ;(this.listeners[event] ??= []).push(run)
  }

  removeAllListeners(): void {
    for (const event of Object.keys(this.listeners)) delete this.listeners[event]
  }

  private later(event: string, bytes: string): void {
    this.house.clock.after(LATENCY_US, () => this.isOpen && this.emit(event, bytes))
  }

  private emit(event: string, bytes: string): void {
    for (const run of this.listeners[event] ?? []) run.call(this, bytes)
  }
}

export interface DeviceOptions extends Partial<MqttOptions> {
  options5?: Mqtt5Options
  slots?: number
}

/** A client of MQTT 5 in the house. `events` is what it reported and was given, in words. */
export class Device implements Network {
  readonly events: string[] = []
  readonly mqtt: MqttClient
  readonly five: Mqtt5
  readonly session: Session
  private readonly wire: { said: Packet[]; heard: Packet[] } = { said: [], heard: [] }
  private socket: HouseSocket | undefined

  constructor(
    private readonly house: House,
    { options5, slots = 8, ...options }: DeviceOptions,
  ) {
    const clock = house.halClock
    this.five = mqtt5(clock, options5)
    this.session = createSession(slots, 20_000, REFUSE, qos2)
    const events = {
      onUp: (isResumed: boolean) => void this.events.push(isResumed ? "up resumed" : "up"),
      onDown: (reason: number) => void this.events.push(`down ${reason}`),
      onTrouble: (code: number, about: string) => void this.events.push(`trouble ${code} ${about}`),
    }
    const settings = { clientId: "device", keepAliveS: 60, maxPacketBytes: 20_000, maxUnsentBytes: 4096 }
    this.mqtt = createMqtt(
      this,
      clock,
      events,
      { ...settings, maxSubscriptions: 8, ...options },
      this.session,
      this.five,
    )
  }

  connect(): Socket {
    this.socket = new HouseSocket(this.house, this.tap("said"), this.tap("heard"))
    return this.socket
  }

  /** Dials, and the broker has time to answer. */
  dial(): this {
    this.mqtt.open("broker", 1883)
    this.house.runS(0.1)
    return this
  }

  /** As `dial`, and what was reported so far is forgotten. */
  online(): this {
    this.dial()
    if (!this.mqtt.isOnline()) throw new Error(`not online: ${this.events.join(", ")}`)
    this.seen()
    return this
  }

  /** The link breaks: the broker takes it as the end of the connection, without DISCONNECT. */
  vanish(): this {
    this.socket!.cut()
    return this
  }

  /** Writes down each message as "filter: topic=payload", and has the broker answer. */
  listen(filter: string, qos: 0 | 1 | 2 = 0, options?: SubscribeOptions): this {
    return this.hear(filter, (payload, topic) => void this.events.push(`${filter}: ${topic}=${payload}`), qos, options)
  }

  hear(filter: string, run: Handler, qos: 0 | 1 | 2 = 0, options?: SubscribeOptions): this {
    const result = this.mqtt.subscribe(filter, run, qos, options)
    if (result !== 0) throw new Error(`subscribe returned ${result}`)
    this.house.runS(0.1)
    return this
  }

  /** The events since the last look, after all that is under way has arrived. */
  seen(): string[] {
    this.house.runS(0.1)
    return this.events.splice(0)
  }

  /** Packets of this kind that went out, or came in, since the last look at that kind. */
  said<C extends Packet["cmd"]>(cmd: C): Extract<Packet, { cmd: C }>[] {
    return take(this.wire.said, cmd)
  }

  heard<C extends Packet["cmd"]>(cmd: C): Extract<Packet, { cmd: C }>[] {
    return take(this.wire.heard, cmd)
  }

  /** Reads one direction of one connection with the independent codec. */
  private tap(direction: "said" | "heard"): (bytes: Buffer) => void {
    const reader = parser({ protocolVersion: 5 })
    reader.on("packet", (packet: Packet) => this.wire[direction].push(packet))
    reader.on("error", (error: Error) => {
      throw error
    })
    return (bytes) => void reader.parse(bytes)
  }
}

function take<C extends Packet["cmd"]>(packets: Packet[], cmd: C): Extract<Packet, { cmd: C }>[] {
  const taken = packets.filter((packet) => packet.cmd === cmd)
  for (const packet of taken) packets.splice(packets.indexOf(packet), 1)
  return taken as Extract<Packet, { cmd: C }>[]
}
