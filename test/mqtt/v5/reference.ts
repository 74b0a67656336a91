import { generate, parser, type IConnackPacket, type IPublishPacket, type Packet } from "mqtt-packet"
import type { Clock } from "../../../src/hal/clock"
import { qos2 } from "../../../src/mqtt/qos2"
import { mqtt5, type Mqtt5, type Mqtt5Options } from "../../../src/mqtt/v5/mqtt5"
import { toHex } from "../../fakes/bytes"
import { Bench, type BenchOptions } from "../bench"
import { requestId, unsubscribeId } from "../reference"

/** A packet of MQTT 5 as the independent codec writes it, a byte string. */
export const packet5 = (fields: Packet): string => generate(fields, { protocolVersion: 5 }).toString("latin1")

/** Packets of MQTT 5 as the independent codec reads them; throws at what it cannot read. */
export function read5(bytes: string): Packet[] {
  const packets: Packet[] = []
  const reader = parser({ protocolVersion: 5 })
  reader.on("packet", (packet: Packet) => packets.push(packet))
  reader.on("error", (error: Error) => {
    throw error
  })
  reader.parse(Buffer.from(bytes, "latin1"))
  return packets
}

type ConnackProperties = IConnackPacket["properties"]

export const connack5 = (properties: ConnackProperties = {}, sessionPresent = false, reasonCode = 0): string =>
  packet5({ cmd: "connack", reasonCode, sessionPresent, properties })

export interface Message5 {
  topic?: string
  payload?: string
  qos?: 0 | 1 | 2
  messageId?: number
  dup?: boolean
  retain?: boolean
  properties?: IPublishPacket["properties"]
}

export const publish5 = (message: Message5 = {}): string => {
  const { topic = "t", payload = "x", qos = 0, messageId = 1, dup = false, retain = false, properties } = message
  const fields: Packet = {
    cmd: "publish",
    topic,
    payload: Buffer.from(payload, "latin1"),
    qos,
    dup,
    retain,
    properties,
  }
  return packet5(qos ? { ...fields, messageId } : fields)
}

export const suback5 = (place: number, code = 0, properties = {}): string =>
  packet5({ cmd: "suback", messageId: requestId(place), granted: [code], properties })

export const unsuback5 = (place: number, code = 0, properties = {}): string =>
  packet5({ cmd: "unsuback", messageId: unsubscribeId(place), granted: [code], properties })

/** DISCONNECT with a reason code and nothing else. */
export const goodbye = (reason: number): string => toHex(String.fromCharCode(0xe0, 1, reason))

export interface Bench5Options extends BenchOptions {
  options5?: Mqtt5Options
}

/** A client of MQTT 5 on the scripted network of `Bench`, QoS 2 included. */
export class Bench5 extends Bench {
  readonly five: Mqtt5

  constructor({ options5, ...options }: Bench5Options = {}) {
    let five: Mqtt5
    super({ acks: qos2, maxPacketBytes: 1024, ...options, five: (clock: Clock) => (five = mqtt5(clock, options5)) })
    this.five = five!
  }

  /** Dials and is accepted. What went out behind the CONNACK is left to look at. */
  welcome(properties: ConnackProperties = {}, sessionPresent = false): this {
    return this.online(connack5(properties, sessionPresent))
  }

  /** The packets that went out since the last look. */
  packets(): Packet[] {
    return read5(Buffer.from(this.socket.sent().replaceAll(" ", ""), "hex").toString("latin1"))
  }

  /** The connection breaks, and is made again. */
  again(properties: ConnackProperties = {}, sessionPresent = true): this {
    this.mqtt.drop(10)
    return this.welcome(properties, sessionPresent)
  }
}

/** A client of MQTT 5 that is online, and nothing left to look at. */
export function bench5(options: Bench5Options = {}, properties: ConnackProperties = {}): Bench5 {
  const bench = new Bench5(options).welcome(properties)
  bench.seen()
  return bench
}
