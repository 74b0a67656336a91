import mqtt from "mqtt-packet"
import type { Packet, Parser } from "mqtt-packet"
import { Frames } from "./frames"
import { Fault, R_MALFORMED } from "./reason"
import { inspect, levelOf } from "./wellformed"
import type { Pairs } from "./wellformed"

export interface WireUser {
  /** Asked before each packet of a chunk. */
  readonly isOpen: boolean
  /** May throw a Fault. */
  onPacket(packet: Packet, pairs: Pairs | undefined): void
  onFault(fault: Fault): void
  /** False when the CONNECT's level is not served: it was answered, nothing more is read. */
  mayUse(level: number): boolean
  maximumBytes(): number
}

/** What a client has said about the packets it takes (5.0 §3.1.2.11). */
interface PacketLimits {
  maximumPacketSize: number
  /** Reason strings and user properties in acknowledgements too. */
  wantsProblemInformation: boolean
}

/** PUBLISH, CONNACK and DISCONNECT may always explain themselves [MQTT-3.1.2-29]. */
const EXPLAINS_ALWAYS = new Set<Packet["cmd"]>(["publish", "connack", "disconnect"])

const FIVE = { protocolVersion: 5 }

/** Bytes to packets and back, for one connection and its version. The codec is mqtt-packet: not ours. */
export class Wire {
  /** 0 until CONNECT. */
  level = 0
  limits: PacketLimits = { maximumPacketSize: Infinity, wantsProblemInformation: true }
  private readonly frames: Frames
  private readonly parser: Parser = mqtt.parser({ protocolVersion: 4 })
  private pairs: Pairs | undefined

  constructor(private readonly user: WireUser) {
    this.frames = new Frames(
      (frame, body) => this.onFrame(frame, body),
      () => user.maximumBytes(),
    )
    this.parser.on("packet", (packet: Packet) => user.onPacket(packet, this.pairs))
    this.parser.on("error", (error: Error) => {
      throw new Fault(R_MALFORMED, error.message)
    })
  }

  get isFive(): boolean {
    return this.level === 5
  }

  receive(bytes: Buffer): void {
    try {
      this.frames.receive(bytes, () => this.user.isOpen)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.user.onFault(error)
    }
  }

  /** Undefined when the client takes no packet of this size. Then explanations are left out first [MQTT-3.2.2-19, 3.4.2-2]. */
  encode(packet: Packet): Buffer | undefined {
    const { maximumPacketSize, wantsProblemInformation } = this.limits
    const isPlain = !wantsProblemInformation && !EXPLAINS_ALWAYS.has(packet.cmd)
    const bytes = this.generate(isPlain ? unexplained(packet) : packet)
    if (bytes.length <= maximumPacketSize) return bytes
    if (packet.cmd === "publish") return undefined
    const short = this.generate(unexplained(packet))
    return short.length <= maximumPacketSize ? short : undefined
  }

  private generate(packet: Packet): Buffer {
    return mqtt.generate(packet, this.isFive ? FIVE : undefined)
  }

  private onFrame(frame: Buffer, body: number): void {
    if (this.level === 0 && frame[0] >> 4 === 1 && !this.learnLevel(frame, body)) return
    this.pairs = inspect(frame, body, this.isFive)
    this.parser.parse(frame)
  }

  private learnLevel(frame: Buffer, body: number): boolean {
    const level = levelOf(frame, body)
    if (level === undefined) throw new Fault(R_MALFORMED, "CONNECT of another protocol")
    this.level = level
    return this.user.mayUse(level)
  }
}

function unexplained<T extends Packet>(packet: T): T {
  if (!("properties" in packet) || !packet.properties) return packet
  return { ...packet, properties: { ...packet.properties, reasonString: undefined, userProperties: undefined } }
}
