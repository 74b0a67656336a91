import { Broker } from "./broker/broker"
import { brokerService } from "./broker/service"
import { Clock } from "./clock/clock"
import { Random } from "./clock/random"
import { Device } from "./device"
import type { DeviceSpec } from "./device"
import { Energy } from "./energy/energy"
import { DEFAULT_LIMITS } from "./espruino/machine"
import type { Limits, Stage, Telling } from "./espruino/machine"
import { emptyStage } from "./espruino/stage"
import type { HouseEvent, Message } from "./events"
import { Faults } from "./faults/faults"
import { Bridge } from "./network/bridge"
import { Network } from "./network/network"
import { Station } from "./network/wifi"
import { syntheticRoom } from "./room"
import type { Room } from "./room"

export interface WorldOptions {
  /** Everything random follows from it. Default 1. */
  seed?: number
  devices: DeviceSpec[]
  /** The access point; by default the one the first device's settings ask for. */
  network?: { ssid: string; password?: string }
  /** "embedded" answers at every address that the devices' settings name. */
  broker?: "embedded" | { host: string; port: number }
  room?: Room
  limits?: Partial<Limits>
}

const VIEW_MESSAGES = 20

/** One run of a house, from its beginning. A house that goes back makes another one and turns it to where it was. */
export class World {
  readonly clock = new Clock()
  readonly random: Random
  readonly network: Network
  readonly broker: Broker
  readonly bridge: Bridge | undefined
  readonly devices = new Map<string, Device>()
  readonly faults: Faults
  readonly energy: Energy
  readonly stage: Stage = emptyStage()
  readonly limits: Limits
  /** The newest messages, oldest first. */
  readonly recent: Message[] = []
  /** While it is being made nothing happens that anybody hears: parts take their places at the nets. */
  private isMade = false

  constructor(
    options: WorldOptions,
    private readonly tellHouse: (event: HouseEvent) => void,
  ) {
    const seed = options.seed ?? 1
    const [first] = options.devices
    const network = options.network ?? { ssid: first?.record?.ssid ?? "workshop", password: first?.record?.pass ?? "" }
    this.random = new Random(seed)
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.network = new Network(this.clock, this.random, network)
    this.broker = new Broker(this.clock, (event) => this.emit(event))
    this.bridge = options.broker && options.broker !== "embedded" ? this.bridgeTo(options.broker) : undefined
    this.broker.onMessage((message) => this.onMessage(message))
    const room = options.room ?? syntheticRoom(seed)
    for (const spec of options.devices) this.addDevice(spec, room)
    this.faults = new Faults(this)
    this.energy = new Energy(this)
    this.isMade = true
  }

  emit(event: HouseEvent): void {
    if (!this.isMade) return
    if (event.kind === "log")
      this.devices.get(event.device)?.keepLog({ atUs: event.atUs, level: event.level, text: event.text })
    this.energy.onEvent(event)
    this.faults.onEvent(event)
    this.tellHouse(event)
  }

  /** Throws when there is none of this name. */
  device(name: string): Device {
    const device = this.devices.get(name)
    if (!device) throw new Error(`no device "${name}"; there are: ${[...this.devices.keys()].join(", ")}`)
    return device
  }

  private bridgeTo(address: { host: string; port: number }): Bridge {
    return new Bridge(address, this.clock, {
      tell: (event) => this.emit(event),
      note: (message) => this.broker.note(message),
    })
  }

  private addDevice(spec: DeviceSpec, room: Room): void {
    if (this.devices.has(spec.name)) throw new Error(`two devices are called "${spec.name}"`)
    const tell = (device: string, telling: Telling) =>
      this.emit({ atUs: this.clock.nowUs, device, ...telling } as HouseEvent)
    const random = this.random.split(`device ${spec.name}`)
    const { clock, network, stage, limits } = this
    const { tcp, wifi } = network
    const station = (name: string, radio: Random) => new Station(wifi, tcp.line(name), clock, radio)
    this.devices.set(spec.name, new Device(spec, { clock, tcp, station, stage, limits, random, tell }, room))
    const first = { host: spec.record?.host ?? "192.168.1.10", port: spec.record?.port ?? 1883 }
    for (const { host, port } of [first, ...(spec.record?.more ?? [])])
      tcp.serve(host, port, this.bridge ?? brokerService(this.broker))
  }

  private onMessage(message: Message): void {
    this.recent.push(message)
    if (this.recent.length > VIEW_MESSAGES) this.recent.shift()
    const peer = this.bridge?.deviceOf(message.from) ?? this.broker.clients.get(message.from)?.peer
    const sender = this.devices.get(peer ?? "")
    if (sender) sender.lastPublish = message
  }
}
