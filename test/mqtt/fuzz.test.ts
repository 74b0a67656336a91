import { describe, expect, test } from "vitest"
import { qos1 } from "../../src/mqtt/qos1"
import { qos2 } from "../../src/mqtt/qos2"
import { isText } from "../../src/mqtt/utf8"
import { fuzz, random, type FuzzPlan } from "./fuzz"
import { connack, PINGRESP, puback, pubcomp, publish, pubrec, pubrel, suback, unsuback } from "./reference"

const ids = [1, 2, 3, 4, 5, 6, 300, 65_535]
const TOPICS = ["a", "w/1", "w/deep/er", "$SYS/x", "other"]

/** What a broker of 3.1.1 sends, as the reference codec writes it. */
const CORPUS = [
  connack(),
  connack(0, true),
  connack(4),
  PINGRESP,
  ...[0, 1, 2, 3].flatMap((place) => [suback(place), suback(place, 2), suback(place, 0x80), unsuback(place)]),
  ...ids.flatMap((id) => [puback(id), pubrec(id), pubrel(id), pubcomp(id)]),
  ...TOPICS.flatMap((topic) =>
    ([0, 1, 2] as const).flatMap((qos) => [
      publish({ topic, payload: "hello", qos, messageId: 1 + qos }),
      publish({ topic, payload: "", qos, messageId: 300, retain: true }),
      publish({ topic, payload: "again", qos, messageId: 7, dup: qos > 0 }),
      publish({ topic, payload: "x".repeat(120), qos, messageId: 8 }),
      publish({ topic, payload: "x".repeat(300), qos, messageId: 9 }),
    ]),
  ),
]

const PLAN: FuzzPlan = {
  seed: 20_261_128,
  mutants: 1_000_000,
  connacks: [connack(), connack(0, true)],
  corpus: CORPUS,
  // PUBLISH with QoS and DUP, acknowledgements, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT.
  answers: [0x30, 0x32, 0x34, 0x3a, 0x3c, 0x40, 0x50, 0x62, 0x70, 0x82, 0xa2, 0xc0, 0xe0],
  filters: ["a", "w/#", "+/1", "a"],
  acks: qos2,
  maxQos: 2,
  options: { isText },
}

/** Exact filters only: short messages then take a path of their own. */
const EXACT: FuzzPlan = { ...PLAN, seed: 7, mutants: 500_000, filters: ["a", "w/1", "other"] }

describe("spoilt packets: no exception, no endless loop, no read beyond the end, no growth; each stream ends up or down", () => {
  test.each([
    ["a million at QoS 2", PLAN],
    ["half a million with exact filters", EXACT],
    ["half a million at QoS 1", { ...EXACT, seed: 8, acks: qos1, maxQos: 1 as const }],
  ])("%s", { timeout: 120_000 }, (_what, plan) => {
    const result = fuzz(plan)
    expect(result.mutants).toBeGreaterThanOrEqual(plan.mutants)
    // They got past CONNACK and to the handlers, and the client came back each time.
    expect(result.ups).toBeGreaterThan(result.dials * 0.8)
    expect(result.handed).toBeGreaterThan(plan.mutants / 8)
    expect(result.downs).toBe(result.dials)
    expect(result.grownBytes).toBeLessThan(500_000)
  })
})

describe("the fuzzer itself", () => {
  test("does the same again with the same seed, and something else with another", () => {
    const run = (seed: number) => {
      const { grownBytes: _, ...result } = fuzz({ ...EXACT, seed, mutants: 2000 })
      return result
    }
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
    expect(random(5)()).toBe(random(5)())
  })

  test("tells what it gave when something goes wrong", () => {
    // A session that forgets the limits of a slot: it says more is pending than there is room for.
    const plan = {
      ...EXACT,
      mutants: 2000,
      acks: (session: Parameters<typeof qos2>[0]) => {
        qos2(session)
        session.pending = () => 99
      },
    }
    expect(() => fuzz(plan)).toThrow(/the session overflowed: seed 7, mutant \d+, connection 1, last given 20 02/)
  })
})
