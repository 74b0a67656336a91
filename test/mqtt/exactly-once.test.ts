import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { E_LOWER_QOS } from "../../src/mqtt/constants"
import { qos2 } from "../../src/mqtt/qos2"
import { Bench } from "./bench"
import { ModelBroker } from "./model-broker"

const OURS = ["a", "b", "c", "d", "e"]
const THEIRS = ["v", "w", "x", "y", "z"]

interface Outcome {
  taken: string[]
  heard: string[]
  pending: number
  /** The client has told that it goes on at QoS 1, for a broker that never answered at QoS 2 (lower-qos.test.ts). */
  isLowered: boolean
}

/** Five messages each way over links that break after so many bytes each, and a last one that holds. */
function run(cuts: number[], qos: 1 | 2, keepsSession = true): Outcome {
  const bench = new Bench({ acks: qos2, keepSession: true, slots: 3, maxUnsentBytes: 1000 })
  const broker = new ModelBroker(bench, [...cuts], keepsSession)
  const heard: string[] = []
  bench.mqtt.subscribe("down", (payload) => void heard.push(payload), qos)
  broker.connect()
  for (const [i, payload] of OURS.entries()) {
    // Three slots for five messages: the program waits for room, as programs do.
    for (let turn = 0; bench.mqtt.publish("up", payload, { qos }) < 0; turn++) {
      if (turn > 10) throw new Error("there is never room")
      broker.serve()
    }
    broker.publish(THEIRS[i]!, qos)
    if (i % 2) broker.serve()
  }
  for (let turn = 0; turn < 20; turn++) broker.serve()
  const isLowered = bench.seen().includes(`trouble ${E_LOWER_QOS} up`)
  return { taken: broker.taken, heard, pending: bench.session.pending(), isLowered }
}

const first = (payloads: string[]) => payloads.map((payload) => payload[0]!)
const once = (payloads: string[]) => [...new Set(first(payloads))]

/** Every position of a first cut; with a second one, every third. */
const LONGEST = 420

describe("a link that breaks after any byte, in either direction", () => {
  test("QoS 2: everything arrives exactly once and in order, both ways", () => {
    let repeats = 0
    for (let cut = 1; cut < LONGEST; cut++) {
      const { taken, heard, pending } = run([cut], 2)
      expect([cut, first(taken), heard, pending]).toEqual([cut, OURS, THEIRS, 0])
      repeats += taken.filter((payload) => payload.endsWith(" dup")).length
    }
    // Some arrived by their second sending, which says so [MQTT-3.3.1-1].
    expect(repeats).toBeGreaterThan(10)
  })

  test("QoS 2: and so it is when the next link breaks as well", () => {
    for (let cut = 1; cut < 300; cut += 3)
      for (let next = 1; next < 200; next += 7) {
        const { taken, heard, pending } = run([cut, next], 2)
        expect([cut, next, first(taken), heard, pending]).toEqual([cut, next, OURS, THEIRS, 0])
      }
  })

  test("QoS 2: and when any number of links break anywhere", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 8 }), (cuts) => {
        const { taken, heard, pending, isLowered } = run(cuts, 2)
        expect([heard, pending]).toEqual([THEIRS, 0])
        // Three links in a row without an answer look like a broker without QoS 2. That is told, and costs "once".
        if (isLowered) expect([cuts.length > 2, once(taken)]).toEqual([true, OURS])
        else expect(first(taken)).toEqual(OURS)
      }),
      { numRuns: 500 },
    )
  })

  test("QoS 1: everything arrives at least once, and first in order; what comes twice says so", () => {
    let repeated = 0
    for (let cut = 1; cut < LONGEST; cut++) {
      const { taken, heard, pending } = run([cut], 1)
      expect([cut, once(taken), once(heard), pending]).toEqual([cut, OURS, THEIRS, 0])
      const again = taken.filter((payload, at) => first(taken).indexOf(payload[0]!) < at)
      expect(again.every((payload) => payload.endsWith(" dup"))).toBe(true)
      repeated += again.length
    }
    expect(repeated).toBeGreaterThan(0)
  })

  test.each([1, 2] as const)("QoS %d: a broker that loses its session loses nothing of ours", (qos) => {
    for (let cut = 1; cut < LONGEST; cut++) {
      const { taken, pending } = run([cut], qos, false)
      expect([cut, once(taken).toSorted(), pending]).toEqual([cut, OURS, 0])
    }
  })

  test("without a break nothing is repeated", () => {
    for (const qos of [1, 2] as const)
      expect(run([], qos)).toEqual({ taken: OURS, heard: THEIRS, pending: 0, isLowered: false })
  })
})
