import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { createMqtt } from "../../src/mqtt/client"
import type { MqttClient, MqttOptions } from "../../src/mqtt/contract"
import type { Five, Session, Slices } from "../../src/mqtt/parts"
import { createSession, DROP_OLDEST } from "../../src/mqtt/session"
import { unsubscribe } from "../../src/mqtt/unsubscribe"
import type { Socket } from "../../src/hal/socket"
import { FakeClock } from "../fakes/clock"
import { toHex } from "../fakes/bytes"

/** What one run throws at one client. Everything is drawn from `seed`: the same plan is the same run. */
export interface FuzzPlan {
  seed: number
  /** Spoilt packets; as many again in good order or nearly so come between them. */
  mutants: number
  /** An accepting CONNACK, for a new session and for a resumed one; and whatever else a broker may send, well-formed. */
  connacks: readonly [fresh: string, resumed: string]
  corpus: readonly string[]
  /** First bytes of what a client of this version may send once it is online. */
  answers: readonly number[]
  filters: readonly string[]
  acks: (session: Session) => void
  /** The highest QoS that `acks` knows. */
  maxQos: 1 | 2
  five?: (clock: FakeClock) => Five
  slices?: Slices
  options?: Partial<MqttOptions>
}

export interface FuzzResult {
  mutants: number
  dials: number
  ups: number
  downs: number
  handed: number
  /** Bytes of heap by which the second half of the run grew it. */
  grownBytes: number
}

const SLOTS = 6
const MAX_SUBSCRIPTIONS = 6
/** Bytes that mean something in a header, a length, an id or a text. */
const TELLING = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, 0x30, 0x32, 0x34, 0x3a, 0x40, 0x62, 0x23, 0x2b, 0xc0, 0xed]

/** The same numbers in every run (mulberry32). */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A socket that keeps what is written, and fails on a write after its end. */
class Line implements Socket {
  written = ""
  isEnded = false
  dSnd?: string
  private readonly listeners = new Map<string, (this: Line, bytes: string) => void>()

  write(bytes: string): void {
    if (this.isEnded) throw new Error("write after end")
    if (typeof bytes !== "string") throw new Error("write of no string")
    this.written += bytes
  }

  end(): void {
    this.isEnded = true
  }

  on(event: string, run: (this: Line, bytes: string) => void): void {
    this.listeners.set(event, run)
  }

  removeAllListeners(): void {
    this.listeners.clear()
  }

  emit(event: string, bytes = ""): void {
    this.listeners.get(event)?.call(this, bytes)
  }
}

/**
 * One client for the whole run, so that whatever it fails to forget adds up. It throws when the client does, when an answer is not
 * well-formed, when a connection ends without exactly one reason, when a handler gets what was not in its packet, or when
 * the session or the table of subscriptions holds more than it may.
 */
export function fuzz(plan: FuzzPlan): FuzzResult {
  const run = new Run(plan)
  const half = plan.mutants / 2
  while (run.mutants < half) run.connection()
  const before = heapBytes()
  while (run.mutants < plan.mutants) run.connection()
  const { mutants, dials, ups, downs, handed } = run
  return { mutants, dials, ups, downs, handed, grownBytes: heapBytes() - before }
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc")
  const gc = runInNewContext("gc") as () => void
  gc()
  gc()
  return process.memoryUsage().heapUsed
}

class Run {
  mutants = 0
  dials = 0
  ups = 0
  downs = 0
  handed = 0
  private readonly next: () => number
  private readonly clock = new FakeClock(1000)
  private readonly session: Session
  private readonly mqtt: MqttClient
  private line = new Line()
  /** Of packets that are spoilt. */
  private share = 0
  /** The last pieces given, for the message of a failure. */
  private given: string[] = []

  constructor(private readonly plan: FuzzPlan) {
    this.next = random(plan.seed)
    this.session = createSession(SLOTS, 200, DROP_OLDEST, plan.acks)
    this.mqtt = createMqtt(
      { connect: () => (this.line = new Line()) },
      this.clock,
      { onUp: () => void this.ups++, onDown: () => void this.downs++, onTrouble: () => undefined },
      {
        clientId: "c",
        keepAliveS: 60,
        keepSession: true,
        maxPacketBytes: 128,
        maxUnsentBytes: 100,
        maxSubscriptions: MAX_SUBSCRIPTIONS,
        ...plan.options,
      },
      this.session,
      plan.five?.(this.clock),
      plan.slices,
    )
    for (const filter of plan.filters) this.subscribe(filter)
  }

  /** From dialling to the end of a connection, whoever ends it. */
  connection(): void {
    const { plan } = this
    const downsBefore = this.downs
    const upsBefore = this.ups
    this.dials++
    // Most streams end early; some live long enough to see much.
    this.share = this.pick([0.05, 0.2, 0.5])
    if (this.mqtt.open("10.0.0.2", 1883) !== 0) throw new Error("did not dial")
    this.line.written = ""
    this.given = []
    if (this.chance(0.97)) this.give(this.pick(plan.connacks))
    for (let i = 0; i < 60 && !this.line.isEnded; i++) {
      this.give(this.packets())
      if (this.chance(0.2) && !this.line.isEnded) this.act()
    }
    if (this.line.isEnded) this.expect(this.downs === downsBefore + 1, "ended without exactly one reason")
    else {
      this.expect(this.downs === downsBefore, "told of an end that was none")
      this.expect(this.mqtt.isOnline() === this.ups > upsBefore, "online without CONNACK, or not with it")
      if (this.chance(0.5)) this.mqtt.drop(99)
      else this.line.emit("close")
      this.expect(this.downs === downsBefore + 1, "closed without a reason")
    }
    this.expect(!this.mqtt.isOnline(), "online without a connection")
    this.checkAnswers()
  }

  /** One packet to three in a chunk, each spoilt or good. */
  private packets(): string {
    let chunk = ""
    do {
      const packet = this.pick(this.plan.corpus)
      if (this.chance(this.share)) {
        chunk += this.spoil(packet)
        this.mutants++
      } else chunk += packet
    } while (this.chance(0.25))
    return chunk
  }

  private spoil(packet: string): string {
    const at = this.below(packet.length)
    const byte = String.fromCharCode(this.chance(0.5) ? this.pick(TELLING) : this.below(256))
    const bit = String.fromCharCode(packet.charCodeAt(at) ^ (1 << this.below(8)))
    const other = this.pick(this.plan.corpus)
    const kinds = [
      () => packet.slice(0, at) + bit + packet.slice(at + 1),
      () => packet.slice(0, at) + byte + packet.slice(at + 1),
      () => packet.slice(0, at) + byte + packet.slice(at),
      () => packet.slice(0, at) + packet.slice(at + 1),
      () => packet.slice(0, at),
      () => packet.slice(0, at) + packet.slice(this.below(packet.length)),
      () => packet.slice(0, at) + other.slice(this.below(other.length)),
      // The first bytes matter most: type, flags, length.
      () => byte + packet.slice(1),
      () => packet[0] + byte + packet.slice(2),
    ]
    const spoilt = this.pick(kinds)()
    // Now and then twice.
    return spoilt && this.chance(0.2) ? this.spoil(spoilt) : spoilt
  }

  /** Whole, or in pieces. */
  private give(chunk: string): void {
    const cut = this.chance(0.3) ? this.below(chunk.length + 1) : chunk.length
    for (const piece of [chunk.slice(0, cut), chunk.slice(cut)]) {
      if (!piece || this.line.isEnded) continue
      this.given.push(piece)
      if (this.given.length > 8) this.given.shift()
      try {
        this.line.emit("data", piece)
      } catch (error) {
        throw new Error(this.trace("threw"), { cause: error })
      }
      this.expect(this.session.pending() <= SLOTS && this.session.pending() >= 0, "the session overflowed")
    }
  }

  /** The program lives on meanwhile, and so does the line. */
  private act(): void {
    const { mqtt, line } = this
    const kind = this.below(8)
    if (kind < 3) mqtt.publish("t", "payload", { qos: Math.min(kind, this.plan.maxQos) as 0 | 1 | 2 })
    else if (kind === 3) this.clock.advance(this.below(40) * 1000)
    else if (kind === 4) line.dSnd = "x".repeat(this.below(200))
    else if (kind === 5) {
      delete line.dSnd
      line.emit("drain")
    } else if (kind === 6) unsubscribe(mqtt, this.pick(this.plan.filters))
    else this.subscribe(this.pick(this.plan.filters))
  }

  private subscribe(filter: string): void {
    const run = (payload: string, topic: string, packet: string): void => {
      this.handed++
      this.expect(packet.endsWith(payload), "a payload that was not in its packet")
      this.expect(
        topic !== "" && (this.plan.five ? 0 : topic.length) + payload.length + 4 <= packet.length,
        "read beyond the end",
      )
      // What programs do: answer, fail, hang up.
      if (this.chance(0.05)) this.mqtt.publish("t", payload.slice(0, 20), { qos: this.plan.maxQos })
      if (this.chance(0.02)) throw new Error("bug in the program")
      if (this.chance(0.01)) this.mqtt.close()
    }
    const code = this.mqtt.subscribe(filter, run, this.below(this.plan.maxQos + 1) as 0 | 1 | 2)
    this.expect(code === 0 || code === -2, `subscribe returned ${code}`)
  }

  /** What went out on the connection is a row of whole packets that a client may send. */
  private checkAnswers(): void {
    const { written } = this.line
    for (let at = 0; at < written.length;) {
      const first = written.charCodeAt(at)
      this.expect(this.plan.answers.includes(first), `sent a packet of type ${first.toString(16)}`)
      let length = 0
      let digit
      let shift = 0
      do {
        digit = written.charCodeAt(++at)
        length |= (digit & 127) << shift
        shift += 7
      } while (digit > 127)
      at += 1 + length
      this.expect(at <= written.length, "sent a packet that is not whole")
      if (first >= 0x40 && first < 0x80) this.expect(length >= 2, "sent an acknowledgement without an id")
    }
  }

  private expect(isSo: boolean, otherwise: string): void {
    if (!isSo) throw new Error(this.trace(otherwise))
  }

  private trace(what: string): string {
    const pieces = this.given.map(toHex).join(" | ")
    return `${what}: seed ${this.plan.seed}, mutant ${this.mutants}, connection ${this.dials}, last given ${pieces}`
  }

  private chance(share: number): boolean {
    return this.next() < share
  }

  private below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}
