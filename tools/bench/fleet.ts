import { Clock as HouseClock } from "../../sim/clock/clock"
import { ChipRandom } from "../../sim/espruino/random"
import { deviceId, seedFrom } from "../../src/device/identity"
import { DIAL_FIRST_MS } from "../../src/device/program"
import type { Clock } from "../../src/hal/clock"
import type { Network, Socket } from "../../src/hal/socket"
import type { Wifi } from "../../src/hal/wifi"
import { createMqtt } from "../../src/mqtt/client"
import { qos1 } from "../../src/mqtt/qos1"
import { createSession, DROP_OLDEST } from "../../src/mqtt/session"
import type { Mqtt5 } from "../../src/mqtt/v5/mqtt5"
import { createBackoff } from "../../src/net/backoff"
import { brokers, type Address, type Way } from "../../src/net/brokers"
import { createSupervisor, type Supervisor } from "../../src/net/supervisor"
import { crc32 } from "../../src/util/crc32"

/** A round trip and the broker's work: what is measured does not depend on it. */
const ANSWER_MS = 20
const CONNACK_ACCEPTED = "\x20\x02\0\0"
const [CONNECT, PINGREQ, PINGRESP] = [0x10, 0xc0, "\xd0\0"]

/** The device code's clock on the simulator's: as the program's loop, without the chip's ticks. */
function clockOn(house: HouseClock): Clock {
  return {
    nowMs: () => house.nowUs / 1000,
    alarm(run) {
      let pending: ReturnType<HouseClock["after"]> | undefined
      return {
        set(inMs) {
          house.cancel(pending)
          pending = house.after(inMs * 1000, run)
        },
        clear: () => house.cancel(pending),
      }
    },
  }
}

/** What a broker does with a CONNECT: bytes of its answer, and whether it then closes. */
export interface Answer {
  bytes: string
  closes?: boolean
}

/** A broker reduced to what reconnecting sees of it. */
export class Port {
  isListening = true
  /** When a device dialled, in milliseconds, whether it was let in or not. */
  readonly dialledMs: number[] = []
  /** When one was let in. */
  readonly acceptedMs: number[] = []
  private readonly open = new Set<Line>()

  constructor(
    private readonly house: HouseClock,
    private readonly answer: (port: Port) => Answer = () => ({ bytes: CONNACK_ACCEPTED }),
  ) {}

  get connections(): number {
    return this.open.size
  }

  dial(): Socket {
    this.dialledMs.push(this.house.nowUs / 1000)
    if (!this.isListening) throw new Error("Unable to create socket")
    const line = new Line(
      (bytes) => this.take(line, bytes),
      () => this.open.delete(line),
    )
    this.open.add(line)
    return line
  }

  /** The process ends: every connection is closed in the same moment. */
  stop(): void {
    this.isListening = false
    this.kick()
  }

  start(): void {
    this.isListening = true
  }

  /** Sends `goodbye` to everybody and closes. */
  kick(goodbye = ""): void {
    for (const line of [...this.open]) {
      this.open.delete(line)
      this.house.after(0, () => {
        if (goodbye) line.emit("data", goodbye)
        line.emit("close", "")
      })
    }
  }

  private take(line: Line, bytes: string): void {
    const first = bytes.charCodeAt(0)
    if (first === PINGREQ) this.house.after(ANSWER_MS * 1000, () => line.emit("data", PINGRESP))
    if (first !== CONNECT) return
    const { bytes: answer, closes } = this.answer(this)
    if (!closes) this.acceptedMs.push(this.house.nowUs / 1000)
    this.house.after(ANSWER_MS * 1000, () => {
      line.emit("data", answer)
      if (!closes) return
      this.open.delete(line)
      line.emit("close", "")
    })
  }
}

class Line implements Socket {
  private listeners: Record<string, (this: Line, bytes: string) => void> = {}

  constructor(
    readonly write: (bytes: string) => void,
    private readonly onEnd: () => void,
  ) {}

  end(): void {
    this.onEnd()
  }

  on(event: string, run: (bytes: string) => void): void {
    this.listeners[event] = run
  }

  removeAllListeners(): void {
    this.listeners = {}
  }

  emit(event: string, bytes: string): void {
    this.listeners[event]?.call(this, bytes)
  }
}

interface Member {
  supervisor: Supervisor
  isOnline(): boolean
}

/** Radio and names always work here: what is looked at is the broker's side. */
const WIFI: Wifi = {
  connect: () => undefined,
  disconnect: () => undefined,
  on: () => undefined,
  getHostByName: (host, onAddress) => onAddress(host),
}

interface MemberOptions {
  /** Of which the chip's seed is made, as on the chip. */
  serial: string
  /** By "host:port". */
  ports: Record<string, Port>
  /** In order of preference. */
  addresses: Address[]
  house: HouseClock
  firstMs?: number
  /** Speaks MQTT 5 with it. */
  five?: (clock: Clock) => Mqtt5
}

/** One device as src/device/program.ts puts it together, from supervisor to client, on a chip with this serial number. */
export function createMember(options: MemberOptions): Member {
  const { serial, ports, addresses, house } = options
  const clock = clockOn(house)
  const generator = new ChipRandom()
  generator.seed(seedFrom(crc32(serial)))
  const random = () => generator.next() / 0x80000000
  const network: Network = { connect: ({ host, port }) => ports[`${host}:${port}`]!.dial() }
  const five = options.five?.(clock)
  const mqtt = createMqtt(
    network,
    clock,
    {
      onUp: () => supervisor.onClientUp(),
      onDown: (reason) => supervisor.onClientDown(reason),
      onTrouble: () => undefined,
    },
    {
      clientId: deviceId("node", serial),
      keepAliveS: 60,
      maxPacketBytes: 1024,
      maxUnsentBytes: 2048,
      maxSubscriptions: 1,
    },
    createSession(8, 512, DROP_OLDEST, qos1),
    five,
  )
  const [first, ...more] = addresses
  const chip = { random, log: () => undefined, warn: () => undefined }
  const way: Way = brokers({ ...first!, more }, createBackoff(random, options.firstMs ?? DIAL_FIRST_MS), chip, five)
  const supervisor = createSupervisor(
    mqtt,
    WIFI,
    clock,
    way,
    way,
    () => undefined,
    () => undefined,
  )
  return { supervisor, isOnline: mqtt.isOnline }
}

/** Serial numbers as Espruino gives them, of chips whose addresses follow one another. */
export const serialOf = (index: number): string => `240ac4a1-${index.toString(16).padStart(4, "0")}`

interface Return {
  /** Milliseconds after the broker listens again, one a device, in order. */
  backMs: number[]
  /** Devices on the broker at the end. */
  online: number
}

/** A fleet that was online for five minutes loses its broker, all in the same moment, for `downMs`. */
export function restart(clients: number, downMs: number, firstMs?: number): Return {
  const house = new HouseClock()
  const port = new Port(house)
  const address = { host: "10.0.0.2", port: 1883 }
  const fleet = Array.from({ length: clients }, (_, index) =>
    createMember({ serial: serialOf(index), ports: { "10.0.0.2:1883": port }, addresses: [address], house, firstMs }),
  )
  for (const { supervisor } of fleet) supervisor.onWifiUp()
  house.advance(300e6)
  port.stop()
  house.advance(downMs * 1000)
  port.start()
  const startMs = house.nowUs / 1000
  const before = port.acceptedMs.length
  house.advance(600e6)
  return { backMs: port.acceptedMs.slice(before).map((atMs) => atMs - startMs), online: port.connections }
}

/** The largest share of the fleet that comes within any second. */
export function busiestSecond(backMs: number[], clients: number): number {
  let most = 0
  for (let from = 0, to = 0; to < backMs.length; to++) {
    while (backMs[to]! - backMs[from]! >= 1000) from++
    most = Math.max(most, to - from + 1)
  }
  return most / clients
}
