import type { Alarm as HalAlarm, Clock as HalClock } from "../../src/hal/clock"
import type { Socket } from "../../src/hal/socket"
import { createMqtt } from "../../src/mqtt/client"
import { DOWN_LINK_LOST } from "../../src/mqtt/constants"
import type { MqttClient } from "../../src/mqtt/contract"
import type { Persistence, Session } from "../../src/mqtt/parts"
import { keepInStorage } from "../../src/mqtt/persistence"
import { qos2 } from "../../src/mqtt/qos2"
import { createSession, REFUSE } from "../../src/mqtt/session"
import { mqtt5 } from "../../src/mqtt/v5/mqtt5"
import { crc32 } from "../../src/util/crc32"
import { Broker } from "../../sim/broker/broker"
import type { ClientConnection } from "../../sim/broker/connection"
import { Clock } from "../../sim/clock/clock"
import type { Alarm } from "../../sim/clock/clock"
import { FakeStorage, PowerCut } from "../fakes/storage"

type Qos = 0 | 1 | 2
export type Way = "to the broker" | "from the broker"
/**
 * reset: both ends are told. silence: nobody is, and what follows on this connection is lost. power: the device is off, the
 * broker is not told.
 */
export type Break = "reset" | "silence" | "power"

export interface RigOptions {
  version: 4 | 5
  /** Once so many bytes have passed in this direction, over all connections. */
  link?: { way: Way; bytes: number; kind: Break; again?: number }
  /** After so many steps of Storage: right before the next one, or right behind the last. */
  power?: { steps: number; behind: boolean; again?: number }
  /** Of each of the two files; small, so that messages move from one to the other. */
  fileBytes?: number
  /** Nothing is kept: a device without persistence. */
  isForgetful?: boolean
}

const LATENCY_US = 1000
/** The chip's sockets send when the callback that wrote is over. */
const IDLE_US = 100
const REDIAL_US = 500_000
const BOOT_US = 300_000
const LIMIT_US = 600_000_000
const FILTERS = ["b/0", "b/1", "b/2"]

export interface Sent {
  payload: string
  qos: Qos
  /** "maybe" when the power failed inside `publish`. */
  fate: "accepted" | "refused" | "maybe"
}

/**
 * The real client and the simulator's broker with a link, a flash and a power supply that fail where they are told to; and
 * with `again`, once more after so many bytes or steps.
 */
export class Rig {
  readonly clock = new Clock()
  readonly broker = new Broker(this.clock, () => undefined)
  readonly storage = new FakeStorage()
  /** What the device published, in order; and what the broker published to it. */
  readonly sent: Sent[] = []
  readonly published: { payload: string; qos: Qos }[] = []
  /** Payloads that the device's handlers were given, over all its lives: their effects are in RAM, but the list is ours. */
  readonly heard: string[] = []
  readonly passed = { "to the broker": 0, "from the broker": 0 }
  /** In the direction that breaks. */
  breakAfter: number
  lives = 0
  connects = 0
  /** How often something failed. */
  breaks = 0
  /** Messages whose ids were kept and whose handlers had not run yet when the power failed: at most one. */
  lostInWindow = 0
  life!: Life
  /** The key of a message whose handler is about to run. */
  window = ""

  constructor(readonly options: RigOptions) {
    const { power, link } = options
    this.breakAfter = link?.bytes ?? Infinity
    this.storage.bytesAStep = 1
    if (power) {
      this.storage.stepsToPowerCut = power.steps
      this.storage.failsBehindStep = power.behind
    }
    this.storage.onPowerCut = () => this.powerOff()
    this.powerOn()
  }

  private powerOn(): void {
    if (this.lives++) this.storage.stepsToPowerCut = (this.breaks < 2 && this.options.power?.again) || Infinity
    this.life = new Life(this)
    this.guard(this.life, () => this.life.boot())
  }

  powerOff(): void {
    if (!this.life.isAlive) return
    this.life.isAlive = false
    this.breaks++
    // Only what was kept whole will be taken for a duplicate.
    const kept = keepInStorage(snapshot(this.storage), crc32).retrieve()
    if (this.window && kept[this.window]) this.lostInWindow++
    this.clock.after(BOOT_US, () => this.powerOn())
  }

  /** Runs a callback of the device, which may lose power in it. */
  guard(life: Life, run: () => void): void {
    if (!life.isAlive) return
    try {
      run()
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
    }
    this.window = ""
  }

  get brokerSession() {
    return this.broker.sessions.get("device")
  }

  /** Everybody has what the other sent, and nothing is under way. */
  isSettled(): boolean {
    const { life, brokerSession: kept } = this
    return (
      life.isAlive &&
      life.mqtt.isOnline() &&
      life.session.pending() === 0 &&
      kept?.subscriptions.size === FILTERS.length &&
      kept.incomingQos2.size === 0 &&
      kept.outbox.isEmpty
    )
  }

  publish(...qos: Qos[]): void {
    for (const one of qos) {
      const { life } = this
      const payload = `d${one} ${this.sent.length}`
      const sent: Sent = { payload, qos: one, fate: "maybe" }
      this.sent.push(sent)
      this.guard(life, () => {
        const result = life.mqtt.publish(`d/${one}`, payload, { qos: one })
        if (life.isAlive) sent.fate = result < 0 ? "refused" : "accepted"
      })
    }
  }

  publishFromBroker(...qos: Qos[]): void {
    for (const one of qos) {
      const payload = `b${one} ${this.published.length}`
      this.published.push({ payload, qos: one })
      this.broker.publish(`b/${one}`, payload, { qos: one })
    }
  }

  until(holds: () => boolean, what: string): void {
    const endUs = this.clock.nowUs + LIMIT_US
    while (!holds()) {
      if (this.clock.nowUs > endUs) throw new Error(`${what} within ${LIMIT_US / 60_000_000} min of house time`)
      this.clock.advance(20_000)
    }
  }

  settle(): void {
    this.until(() => this.isSettled(), "came not back and to rest")
  }
}

function snapshot(from: FakeStorage): FakeStorage {
  const copy = new FakeStorage()
  for (const [name, data] of from.files) copy.files.set(name, data)
  return copy
}

/** The device from power-on to power loss. */
class Life {
  isAlive = true
  readonly clock: HalClock
  session!: Session
  mqtt!: MqttClient

  constructor(private readonly rig: Rig) {
    this.clock = {
      nowMs: () => rig.clock.nowUs / 1000,
      alarm: (run) => new LifeAlarm(rig, this, run),
    }
  }

  boot(): void {
    const { rig } = this
    this.session = createSession(8, 200, REFUSE, qos2, rig.options.isForgetful ? undefined : this.watched())
    this.mqtt = createMqtt(
      { connect: () => new Wire(rig, this) },
      this.clock,
      {
        onUp: () => undefined,
        onDown: () => this.redial(),
        onTrouble: (code, about) => {
          if (this.isAlive) throw new Error(`trouble ${code}: ${about}`)
        },
      },
      {
        clientId: "device",
        keepAliveS: 10,
        keepSession: true,
        maxPacketBytes: 256,
        maxUnsentBytes: 1000,
        maxSubscriptions: 4,
      },
      this.session,
      rig.options.version === 5 ? mqtt5(this.clock, { receiveMaximum: 4 }) : undefined,
    )
    FILTERS.forEach((filter, qos) => this.mqtt.subscribe(filter, (payload) => this.hear(payload), qos as Qos))
    this.dial()
  }

  /** What the sweep does itself: the link is lost, or the device says goodbye; either way it dials again. */
  leave(how: "drop" | "close"): void {
    this.rig.guard(this, () => (how === "drop" ? this.mqtt.drop(DOWN_LINK_LOST) : this.mqtt.close()))
  }

  private hear(payload: string): void {
    if (!this.isAlive) return
    this.rig.window = ""
    this.rig.heard.push(payload)
  }

  private dial(): void {
    if (!this.isAlive) return
    this.rig.connects++
    this.mqtt.open("broker", 1883)
  }

  private redial(): void {
    this.rig.clock.after(REDIAL_US, () => this.rig.guard(this, () => this.dial()))
  }

  /** The device's persistence; the rig sees the moment between an id that was kept and its handler. */
  private watched(): Persistence {
    const { rig } = this
    const store = keepInStorage(rig.storage, crc32, undefined, rig.options.fileBytes ?? 250)
    return {
      ...store,
      store(key, packet) {
        rig.window = key.length > 2 ? key : ""
        return store.store(key, packet)
      },
    }
  }
}

class LifeAlarm implements HalAlarm {
  private alarm: Alarm | undefined

  constructor(
    private readonly rig: Rig,
    private readonly life: Life,
    private readonly run: () => void,
  ) {}

  set(inMs: number): void {
    this.clear()
    this.alarm = this.rig.clock.after(inMs * 1000, () => this.rig.guard(this.life, this.run))
  }

  clear(): void {
    this.rig.clock.cancel(this.alarm)
  }
}

/** A connection: the device's socket at one end, the broker's stream at the other. */
class Wire implements Socket {
  private readonly listeners: Record<string, ((bytes: string) => void)[]> = {}
  private unsent = ""
  /** The device has closed it; nothing passes any more. */
  private isEnded = false
  private isSilent = false
  private readonly peer: ClientConnection

  constructor(
    private readonly rig: Rig,
    private readonly life: Life,
  ) {
    this.peer = rig.broker.accept({
      peer: "device",
      write: (bytes) => this.pass("from the broker", bytes.toString("latin1")),
      close: () => this.later(() => this.emit("close", "")),
    })
  }

  write(bytes: string): void {
    if (this.isEnded) throw new Error("write after end")
    if (!this.unsent) this.rig.clock.after(IDLE_US, () => this.flush())
    this.unsent += bytes
  }

  end(): void {
    if (this.isEnded) return
    this.isEnded = true
    this.rig.clock.after(IDLE_US, () => this.later(() => this.peer.onStreamClosed("closed")))
  }

  on(event: string, run: (bytes: string) => void): void {
    ;(this.listeners[event] ??= []).push(run)
  }

  removeAllListeners(): void {
    for (const event of Object.keys(this.listeners)) delete this.listeners[event]
  }

  private flush(): void {
    const bytes = this.unsent
    this.unsent = ""
    if (this.life.isAlive) this.pass("to the broker", bytes)
  }

  private pass(way: Way, bytes: string): void {
    if (this.isSilent) return
    const { rig } = this
    const { link } = rig.options
    const left = link && link.way === way ? rig.breakAfter - rig.passed[way] : Infinity
    rig.passed[way] += bytes.length
    const arriving = bytes.slice(0, left)
    this.later(() =>
      way === "to the broker" ? this.peer.receive(Buffer.from(arriving, "latin1")) : this.emit("data", arriving),
    )
    if (left <= bytes.length) this.breakDown(link!)
  }

  private breakDown({ kind, bytes, again }: NonNullable<RigOptions["link"]>): void {
    this.isSilent = true
    this.rig.breakAfter = again && this.rig.breakAfter === bytes ? bytes + again : Infinity
    if (kind !== "power") this.rig.breaks++
    // Behind what has just been sent.
    if (kind === "power") this.rig.clock.after(LATENCY_US, () => this.rig.powerOff())
    if (kind !== "reset") return
    this.rig.clock.after(LATENCY_US, () => {
      this.peer.onStreamClosed("reset")
      this.emit("close", "")
    })
  }

  private later(run: () => void): void {
    if (!this.isSilent) this.rig.clock.after(LATENCY_US, run)
  }

  private emit(event: string, bytes: string): void {
    this.rig.guard(this.life, () => {
      for (const run of this.listeners[event] ?? []) run.call(this, bytes)
    })
  }
}
