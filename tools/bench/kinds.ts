import type { PublishOptions } from "../../src/mqtt/contract"
import { nthId, PAYLOAD, publishFrom, sinkClient, SLOTS, subscribe, TOPIC, type Version } from "./sink-client"

/** One message after the other through a client on a sink, with the answers that a broker gives: by kind. */
type Kinds = Record<string, () => void>

/** The names of all kinds, for a process that starts others. */
export const KIND_NAMES = [
  "publish QoS 0, prepared",
  "publish QoS 0",
  "publish QoS 1, prepared",
  "publish QoS 1",
  "publish QoS 2, prepared",
  "publish QoS 2",
  "receive QoS 0",
  "receive QoS 1",
  "receive QoS 2",
  "receive QoS 0, wildcard",
  "ping",
] as const

/**
 * Two clients, since one wildcard sends all messages of its client another way. What the broker says is made once: none of it
 * is the client's.
 */
export function kindsOf(version: Version, write: (bytes: string) => void): Kinds {
  const exact = sinkClient(version, write)
  subscribe(exact, version, "another/topic", 0)
  subscribe(exact, version, TOPIC, 1)
  const wild = sinkClient(version, write)
  subscribe(wild, version, "wild/+/#", 0)
  const { client, receive, ring } = exact
  const answer = (header: string) => Array.from({ length: SLOTS }, (_, nth) => header + nthId(nth))
  const [pubacks, pubrecs, pubcomps] = [answer("\x40\x02"), answer("\x50\x02"), answer("\x70\x02")]
  let nth = 0
  const next = () => (nth = (nth + 1) % SLOTS)
  const prepared = ([0, 1, 2] as const).map((qos) => client.topic(TOPIC, { qos }))
  const atQos: PublishOptions[] = [{}, { qos: 1 }, { qos: 2 }]
  const messages = ([0, 1, 2] as const).map((qos) => publishFrom(version, qos))
  const wildMessage = publishFrom(version, 0, "wild/a/bc/d", PAYLOAD)
  const pubrel = "\x62\x02\0\x07"

  function acknowledge(): void {
    receive(pubacks[nth]!)
    next()
  }
  function complete(): void {
    receive(pubrecs[nth]!)
    receive(pubcomps[nth]!)
    next()
  }
  const all: Record<(typeof KIND_NAMES)[number], () => void> = {
    "publish QoS 0, prepared": () => void prepared[0]!.publish(PAYLOAD),
    "publish QoS 0": () => void client.publish(TOPIC, PAYLOAD),
    "publish QoS 1, prepared"() {
      prepared[1]!.publish(PAYLOAD)
      acknowledge()
    },
    "publish QoS 1"() {
      client.publish(TOPIC, PAYLOAD, atQos[1])
      acknowledge()
    },
    "publish QoS 2, prepared"() {
      prepared[2]!.publish(PAYLOAD)
      complete()
    },
    "publish QoS 2"() {
      client.publish(TOPIC, PAYLOAD, atQos[2])
      complete()
    },
    "receive QoS 0": () => receive(messages[0]!),
    "receive QoS 1": () => receive(messages[1]!),
    "receive QoS 2"() {
      receive(messages[2]!)
      receive(pubrel)
    },
    "receive QoS 0, wildcard": () => wild.receive(wildMessage),
    ping() {
      ring()
      receive("\xd0\0")
    },
  }
  return all
}
