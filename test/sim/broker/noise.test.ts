import fc from "fast-check"
import mqtt from "mqtt-packet"
import type { Packet } from "mqtt-packet"
import { expect, test } from "vitest"
import { bench } from "./peer"

const PROPERTIES = {
  ...{ payloadFormatIndicator: true, messageExpiryInterval: 5, topicAlias: 2, contentType: "c", responseTopic: "r" },
  ...{ correlationData: Buffer.from([1, 2]), userProperties: { a: ["1", "2"], b: "3" } },
}
const will = { topic: "w", payload: "x", qos: 1, retain: true } as const

/** One of each that a client may send, long forms. */
const PACKETS: Packet[] = [
  {
    ...{ cmd: "connect", clientId: "noise", clean: true, keepalive: 9, username: "u", password: Buffer.from("p") },
    ...{ will, properties: { receiveMaximum: 3, sessionExpiryInterval: 7, authenticationMethod: "m" } },
  },
  {
    cmd: "publish",
    topic: "a/b",
    payload: "hello",
    qos: 2,
    retain: true,
    dup: true,
    messageId: 3,
    properties: PROPERTIES,
  },
  { cmd: "publish", topic: "a", payload: "", qos: 0, retain: false, dup: false },
  { cmd: "pubrec", messageId: 1, reasonCode: 0x80, properties: { reasonString: "why" } },
  { cmd: "pubrel", messageId: 3, reasonCode: 0 },
  { cmd: "subscribe", messageId: 4, subscriptions: [{ topic: "a/+", qos: 2, rap: true, rh: 1 }] },
  { cmd: "unsubscribe", messageId: 5, unsubscriptions: ["a/+", "$share/g/b"] },
  { cmd: "pingreq" },
  { cmd: "auth", reasonCode: 0x18, properties: { authenticationMethod: "m", authenticationData: Buffer.from("d") } },
  { cmd: "disconnect", reasonCode: 4, properties: { sessionExpiryInterval: 5 } },
]

const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 })

/** Some bytes overwritten, and perhaps the end cut off with the length made to fit. */
function spoil(packet: Buffer, edits: [number, number][], cut: number): Buffer {
  const spoilt = Buffer.from(packet.subarray(0, Math.max(2, packet.length - cut)))
  if (packet[1] < 128) spoilt[1] = spoilt.length - 2
  for (const [at, value] of edits) spoilt[at % spoilt.length] = value
  return spoilt
}

test.each([4, 5] as const)(
  "level %i: spoilt packets end the connection with a reason or are taken, and nothing is thrown",
  (level) => {
    fc.assert(
      fc.property(
        fc.nat(PACKETS.length - 1),
        changes,
        fc.constantFrom(0, 0, 1, 3, 9),
        fc.boolean(),
        (which, edits, cut, isOpen) => {
          const packet = PACKETS[which]!
          fc.pre(level === 5 || packet.cmd !== "auth")
          const bytes = mqtt.generate({ ...packet, protocolVersion: level } as Packet, { protocolVersion: level })
          const t = bench({ policy: { authenticate: () => () => ({ say: "continue" }) } })
          const peer = t.peer(isOpen ? { protocolVersion: level } : false)
          peer.raw(spoil(bytes, edits, cut))
          t.five({ clientId: "witness" }).subscribe("#", 2).publish("still/there", "")
          const fates = t.events.flatMap((event) => (event.kind === "mqtt" ? [event.action] : []))
          expect(peer.isClosed).toBe(fates.some((action) => ["drop", "refuse", "disconnect"].includes(action)))
          expect(t.broker.messages.at(-1)?.topic).toBe("still/there")
        },
      ),
      { numRuns: 2000 },
    )
  },
)

test("a reason that quotes a topic of the greatest length fits its packet, and stays one line", () => {
  const t = bench()
  const topic = Buffer.alloc(65_535, "\n")
  topic[0] = 0x23
  const body = Buffer.concat([Buffer.from([0xff, 0xff]), topic, Buffer.from([0])])
  const peer = t
    .five()
    .forget()
    .raw(Buffer.concat([Buffer.from([0x30, 0x82, 0x80, 0x04]), body]))
  expect(peer.said).toEqual(["disconnect 0x82"])
  expect(t.reasons()[0]).not.toContain("\n")
})
