import { expect, test } from "vitest"
import { qos2 } from "../../../src/mqtt/qos2"
import { mqtt5 } from "../../../src/mqtt/v5/mqtt5"
import { fuzz, type FuzzPlan } from "../fuzz"
import { PINGRESP } from "../reference"
import { connack5, packet5, publish5, suback5, unsuback5 } from "./reference"

const ids = [1, 2, 3, 6, 300, 65_535]
const ACKS = ["puback", "pubrec", "pubrel", "pubcomp"] as const
const PROPERTIES = {
  payloadFormatIndicator: true,
  messageExpiryInterval: 60,
  contentType: "text/plain",
  responseTopic: "answers",
  correlationData: Buffer.from([0, 1, 255]),
  userProperties: { a: ["1", "2"] },
}

/** What a broker of 5.0 sends, as the reference codec writes it. */
const CORPUS = [
  connack5(),
  connack5({}, true),
  connack5({ receiveMaximum: 2, maximumQoS: 1, retainAvailable: false, topicAliasMaximum: 3, maximumPacketSize: 200 }),
  connack5({ assignedClientIdentifier: "given", serverKeepAlive: 20, reasonString: "why", responseInformation: "r" }),
  connack5({ serverReference: "10.0.0.9:1883" }, false, 0x9c),
  PINGRESP,
  ...[0, 1, 2, 3].flatMap((place) => [
    suback5(place),
    suback5(place, 2, { reasonString: "ok" }),
    suback5(place, 0x87),
    unsuback5(place),
    unsuback5(place, 0x11),
  ]),
  ...ids.flatMap((messageId) =>
    ACKS.flatMap((cmd) => [
      packet5({ cmd, messageId, reasonCode: 0 }),
      packet5({ cmd, messageId, reasonCode: 0x10 }),
      packet5({ cmd, messageId, reasonCode: 0x92, properties: { reasonString: "no" } }),
    ]),
  ),
  ...["a", "w/1", "$SYS/x"].flatMap((topic) =>
    ([0, 1, 2] as const).flatMap((qos) => [
      publish5({ topic, payload: "hello", qos, messageId: 1 + qos }),
      publish5({ topic, payload: "", qos, messageId: 300, properties: PROPERTIES }),
      publish5({ topic, payload: "x", qos, messageId: 8, properties: { topicAlias: 1, subscriptionIdentifier: 5 } }),
      publish5({ topic: "", payload: "y", qos, messageId: 9, properties: { topicAlias: 1 } }),
      publish5({ topic, payload: "x".repeat(300), qos, messageId: 9 }),
    ]),
  ),
  packet5({ cmd: "disconnect", reasonCode: 0x8e, properties: { reasonString: "taken over" } }),
  packet5({ cmd: "auth", reasonCode: 0x18, properties: { authenticationMethod: "m" } }),
]

const PLAN: FuzzPlan = {
  seed: 5,
  mutants: 1_000_000,
  connacks: [connack5(), connack5({}, true)],
  corpus: CORPUS,
  // What 3.1.1 may send, and AUTH.
  answers: [0x30, 0x32, 0x34, 0x3a, 0x3c, 0x40, 0x50, 0x62, 0x70, 0x82, 0xa2, 0xc0, 0xe0, 0xf0],
  filters: ["a", "w/#", "+/1", "a"],
  acks: qos2,
  maxQos: 2,
  five: (clock) => mqtt5(clock, { topicAliasMaximum: 2 }),
}

test(
  "a million spoilt packets of MQTT 5: no exception, no endless loop, no growth; each stream ends up or down",
  { timeout: 120_000 },
  () => {
    const result = fuzz(PLAN)
    expect(result.mutants).toBeGreaterThanOrEqual(PLAN.mutants)
    expect(result.ups).toBeGreaterThan(result.dials * 0.8)
    expect(result.handed).toBeGreaterThan(PLAN.mutants / 20)
    expect(result.downs).toBe(result.dials)
    expect(result.grownBytes).toBeLessThan(500_000)
  },
)
