import type { Socket } from "../../src/hal/socket"
import { createMqtt } from "../../src/mqtt/client"
import type { MqttClient } from "../../src/mqtt/contract"
import { chr } from "../../src/mqtt/encode"
import { qos2 } from "../../src/mqtt/qos2"
import { createSession, DROP_OLDEST } from "../../src/mqtt/session"
import { mqtt5 } from "../../src/mqtt/v5/mqtt5"

export const TOPIC = "sensor/data"
export const PAYLOAD = '{"temp":21.4,"a"}'
export const SLOTS = 8

export type Version = 4 | 5

/** A client with a session, connected to nothing: `write` gets what it sends. */
interface SinkClient {
  client: MqttClient
  receive(bytes: string): void
  /** Lets the client's alarm ring. */
  ring(): void
}

/** Bytes from a broker: a PUBLISH, without properties where there could be some. */
export function publishFrom(version: Version, qos: 0 | 1 | 2, topic = TOPIC, payload = PAYLOAD): string {
  const rest = chr(0, topic.length) + topic + (qos ? "\0\x07" : "") + (version === 5 ? "\0" : "") + payload
  return flat(chr(0x30 | (qos << 1), rest.length) + rest)
}

/** The same bytes as one piece: a concatenation is a tree in V8 until somebody reads it. */
const flat = (bytes: string): string => Buffer.from(bytes, "latin1").toString("latin1")

/** The last two bytes of an acknowledgement for the message that the session gives its `nth` id. Ids are slots, in turn. */
export const nthId = (nth: number): string => chr(0, 1 + (nth % SLOTS))

export function sinkClient(version: Version, write: (bytes: string) => void): SinkClient {
  let receive: ((bytes: string) => void) | undefined
  let ring: (() => void) | undefined
  const socket = {
    write,
    end() {},
    on(event: string, run: (bytes: string) => void) {
      if (event === "data") receive = run
    },
    removeAllListeners() {},
  }
  const clock = {
    nowMs: () => 0,
    alarm(run: () => void) {
      ring = run
      return { set() {}, clear() {} }
    },
  }
  const fail = (what: string) => (code: unknown, about?: unknown) => {
    throw new Error(`${what} ${code} ${about ?? ""}`)
  }
  const client = createMqtt(
    { connect: () => socket as Socket },
    clock,
    { onUp() {}, onDown: fail("down"), onTrouble: fail("trouble") },
    { clientId: "bench", keepAliveS: 60, maxPacketBytes: 1024, maxUnsentBytes: 65536, maxSubscriptions: 8 },
    createSession(SLOTS, 512, DROP_OLDEST, qos2),
    version === 5 ? mqtt5(clock) : undefined,
  )
  client.open("sink", 1883)
  receive!(version === 5 ? "\x20\x03\0\0\0" : "\x20\x02\0\0")
  return { client, receive: receive!, ring: ring! }
}

/** Subscribes, and has the broker grant it: `nth` counts the client's subscriptions. */
export function subscribe({ client, receive }: SinkClient, version: Version, filter: string, nth: number): void {
  client.subscribe(filter, () => {}, 2)
  receive(version === 5 ? `\x90\x04\x7f${chr(nth)}\0\x02` : `\x90\x03\x7f${chr(nth)}\x02`)
}
