import { Broker } from "./broker/broker"
import { brokerService } from "./broker/service"
import { Clock } from "./clock/clock"
import { durationUs } from "./clock/duration"
import type { Duration } from "./clock/duration"
import { repeat, turnFast } from "./clock/pace"
import type { Turnable } from "./clock/pace"
import { Random } from "./clock/random"
import { runSlice } from "./clock/slice"
import { Device } from "./device"
import type { DeviceSpec } from "./device"
import { DEFAULT_LIMITS } from "./espruino/machine"
import type { Limits, Stage, Telling } from "./espruino/machine"
import type { DeviceView, HouseEvent, HouseView, Message } from "./events"
import { Bridge } from "./network/bridge"
import { Network } from "./network/network"
import { syntheticRoom } from "./room"
import type { Room } from "./room"
import { traceLine } from "./trace/trace"

export interface HouseOptions {
  /** Everything random follows from it. Default 1. */
  seed?: number
  devices: DeviceSpec[]
  /** The access point; by default the one the first device's settings ask for. */
  network?: { ssid: string; password: string }
  /** "embedded" answers at every address that the devices' settings name. */
  broker?: "embedded" | { host: string; port: number }
  room?: Room
  /** Keeps `trace`; default true. Turn it off for runs of unknown length. */
  trace?: boolean
  limits?: Partial<Limits>
}

const VIEW_MESSAGES = 20

/** Several boards, one network, one broker, one clock. */
export class House implements Turnable {
  readonly clock = new Clock()
  readonly network: Network
  /** The broker inside. With a real one in its place it only remembers what passed: `messages` and `onMessage`. */
  readonly broker: Broker
  /** One line an event, while tracing is on. */
  readonly trace: string[] = []
  readonly devices = new Map<string, Device>()
  private readonly bridge: Bridge | undefined
  private readonly listeners = new Set<(event: HouseEvent) => void>()
  private readonly stage: Stage = { interpreter: undefined, kind: "boot", depth: 0 }
  private readonly limits: Limits
  private readonly recent: Message[] = []
  private isBooted = false

  constructor(options: HouseOptions) {
    const random = new Random(options.seed ?? 1)
    const [first] = options.devices
    const network = options.network ?? { ssid: first?.record?.ssid ?? "workshop", password: first?.record?.pass ?? "" }
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.network = new Network(this.clock, random, network)
    this.broker = new Broker(this.clock, (event) => this.emit(event))
    this.bridge =
      options.broker && options.broker !== "embedded"
        ? new Bridge(options.broker, this.clock, {
            tell: (event) => this.emit(event),
            note: (message) => this.broker.note(message),
          })
        : undefined
    this.broker.onMessage((message) => this.onMessage(message))
    const room = options.room ?? syntheticRoom(options.seed ?? 1)
    for (const spec of options.devices) this.addDevice(spec, random, room)
    if (options.trace !== false) this.on((event) => this.trace.push(traceLine(event)))
  }

  get nowUs(): number {
    return this.clock.nowUs
  }

  /** Throws when there is none of this name. */
  device(name: string): Device {
    const device = this.devices.get(name)
    if (!device) throw new Error(`no device "${name}"; there are: ${[...this.devices.keys()].join(", ")}`)
    return device
  }

  /** Switches every board on. Programs run first when the clock is turned. */
  boot(): void {
    if (this.isBooted) return
    this.isBooted = true
    for (const device of this.devices.values()) this.clock.after(0, () => device.powerOn())
  }

  /** Turns the clock by `duration` as fast as the host can. */
  async advance(duration: Duration): Promise<void> {
    await turnFast(this, this.nowUs + durationUs(duration))
  }

  /** Turns until `holds` does, looking after each `step` of house time. Rejects when it does not within `limit`. */
  async until(holds: () => boolean, limit: Duration = "5min", step: Duration = "10ms"): Promise<void> {
    const endUs = this.nowUs + durationUs(limit)
    const stepUs = durationUs(step)
    let isHeld = holds()
    const oneStep = (mayGoOn: () => boolean) => {
      while (!(isHeld = holds()) && this.nowUs < endUs && mayGoOn())
        this.clock.runUntil(Math.min(endUs, this.nowUs + stepUs))
      return isHeld || this.nowUs >= endUs
    }
    if (!isHeld) await repeat(() => this.slice(oneStep))
    if (!isHeld) throw new Error(`did not happen within ${typeof limit === "string" ? limit : `${limit.us} us`}`)
  }

  /** One slice: up to `untilUs` of house time or some 50 ms of host time. True when `untilUs` was reached. */
  turn(untilUs: number): boolean {
    return this.slice((mayGoOn) => this.clock.runUntil(untilUs, mayGoOn))
  }

  /** Hears every event from now on; call the result to stop. */
  on(listener: (event: HouseEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  view(): HouseView {
    return {
      atUs: this.nowUs,
      devices: [...this.devices.values()].map((device) => device.view(this.linkOf(device.name))),
      messages: [...this.recent],
      broker: this.brokerState(),
    }
  }

  private brokerState(): HouseView["broker"] {
    const { bridge, broker } = this
    if (bridge) return { clients: bridge.clients, running: bridge.isListening(), url: bridge.url }
    return { clients: broker.clients.size, running: broker.isRunning, ...(broker.url && { url: broker.url }) }
  }

  /** Closes real sockets. The house can still be looked at. */
  async close(): Promise<void> {
    this.bridge?.close()
    await this.broker.close()
  }

  /** From outside, never from the program: the radio, TCP, and an accepted CONNACK. */
  linkOf(name: string): DeviceView["link"] {
    const open = this.network.tcp.connectionsOf(name).filter((connection) => connection.board.isOpen)
    if (open.some((connection) => connection.isOnline)) return "online"
    if (open.length) return "broker"
    return this.device(name).chip.station.state === "connected" ? "wifi" : "off"
  }

  private addDevice(spec: DeviceSpec, random: Random, room: Room): void {
    if (this.devices.has(spec.name)) throw new Error(`two devices are called "${spec.name}"`)
    const tell = (device: string, telling: Telling) => this.emit({ atUs: this.nowUs, device, ...telling } as HouseEvent)
    const own = random.split(`device ${spec.name}`)
    const { clock, network, stage, limits } = this
    this.devices.set(spec.name, new Device(spec, { clock, network, stage, limits, random: own, tell }, room))
    const first = { host: spec.record?.host ?? "192.168.1.10", port: spec.record?.port ?? 1883 }
    for (const { host, port } of [first, ...(spec.record?.more ?? [])])
      network.tcp.serve(host, port, this.bridge ?? brokerService(this.broker))
  }

  private emit(event: HouseEvent): void {
    if (event.kind === "log")
      this.devices.get(event.device)?.keepLog({ atUs: event.atUs, level: event.level, text: event.text })
    for (const listener of this.listeners) listener(event)
  }

  private onMessage(message: Message): void {
    this.recent.push(message)
    if (this.recent.length > VIEW_MESSAGES) this.recent.shift()
    const peer = this.bridge?.deviceOf(message.from) ?? this.broker.clients.get(message.from)?.peer
    const sender = this.devices.get(peer ?? "")
    if (sender) sender.lastPublish = message
  }

  private slice(work: (mayGoOn: () => boolean) => boolean): boolean {
    let isDone = false
    if (!runSlice((mayGoOn) => (isDone = work(mayGoOn)), this.limits.hostMs)) this.onTerminated()
    return isDone
  }

  /**
   * V8 ended the slice. If a program was running and none of our own code was, the house is whole and only that
   * program is over. Otherwise the machine slept or stalled inside our code, and what was half done is unknown.
   */
  private onTerminated(): void {
    const { interpreter, depth, kind } = this.stage
    this.stage.interpreter = undefined
    this.stage.depth = 0
    if (!interpreter || depth > 0)
      throw new Error(
        `the house was stopped inside its own code after ${this.limits.hostMs} ms: its state cannot be trusted`,
      )
    interpreter.runaway(`no return within ${this.limits.hostMs} ms of host time`, kind)
  }
}
