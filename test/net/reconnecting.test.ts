import { describe, expect, test } from "vitest"
import { Clock } from "../../sim/clock/clock"
import { mqtt5 } from "../../src/mqtt/v5/mqtt5"
import { busiestSecond, createMember, Port, restart, serialOf, type Answer } from "../../tools/bench/fleet"

/** The real client, session, supervisor and backoff of one device, against brokers that treat it badly. */

const MINUTE_MS = 60_000
/** Steps of 4, 8, 16, 32, 64 s and then 120, each wait a quarter of its step at the least: so many waits fit into a time. */
function mostWaits(forMs: number, leastMs = 0): number {
  let count = 0
  for (let stepMs = Math.max(4000, leastMs), atMs = 0; ; stepMs = Math.min(2 * stepMs, 120_000)) {
    atMs += stepMs / 4
    if (atMs > forMs) return count
    count++
  }
}
const FIRST_MINUTE = mostWaits(MINUTE_MS)
/** Once the steps are at their longest, in any hour. */
const PER_HOUR = 3_600_000 / 30_000

const connack = (code: number, version: 4 | 5, reference = ""): Answer => {
  const property = reference
    ? `\x1c${String.fromCharCode(reference.length >> 8, reference.length & 255)}${reference}`
    : ""
  const body = "\0" + String.fromCharCode(code) + (version === 5 ? String.fromCharCode(property.length) + property : "")
  return { bytes: String.fromCharCode(0x20, body.length) + body, closes: code > 0 }
}
const disconnect = (reason: number): string => String.fromCharCode(0xe0, 2, reason, 0)

interface Setting {
  version?: 4 | 5
  /** By host name, in order of preference; further ones are only redirected to. */
  answers: Record<string, (port: Port) => Answer>
  listed?: string[]
}

/** Connects under way of one device, which is switched on at 0. */
function device({ version = 5, answers, listed = Object.keys(answers) }: Setting, serial = serialOf(0)) {
  const house = new Clock()
  const ports: Record<string, Port> = {}
  for (const host of Object.keys(answers)) ports[host] = new Port(house, answers[host])
  const member = createMember({
    serial,
    ports: Object.fromEntries(Object.entries(ports).map(([host, port]) => [`${host}:1883`, port])),
    addresses: listed.map((host) => ({ host, port: 1883 })),
    house,
    five: version === 5 ? (clock) => mqtt5(clock) : undefined,
  })
  house.after(0, member.supervisor.onWifiUp)
  return { house, ports, member, advance: (ms: number) => house.advance(ms * 1000) }
}

const within = (timesMs: number[], fromMs: number, forMs: number) =>
  timesMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + forMs).length

/** The connects that a broker sees in the first minute, and in the eleventh hour. */
const seenBy = ({ dialledMs }: Port) => ({
  firstMinute: within(dialledMs, 0, MINUTE_MS),
  anHour: within(dialledMs, 36_000_000, 3_600_000),
})

/** What `seenBy` may find, whatever the broker does; and it is patience, not giving up. */
function patient({ perRound = 1, leastMs = 0 } = {}) {
  const between = (from: number, to: number) => ({
    asymmetricMatch: (count: unknown) => (count as number) >= from && (count as number) <= to,
    toString: () => `${from} to ${to}`,
  })
  return {
    firstMinute: between(1, perRound * (1 + mostWaits(MINUTE_MS, leastMs))),
    anHour: between(20, perRound * PER_HOUR),
  }
}

const TEN_HOURS_AND_ONE = 11 * 3_600_000

test("the bounds: waits of 1, 2, 4, 8 and 16 s fit into the first minute, and later two into a minute", () => {
  expect([FIRST_MINUTE, PER_HOUR]).toEqual([5, 120])
})

describe("one broker", () => {
  const PASSING = [3, 0x80, 0x88, 0x89, 0x97]
  const LASTING = [1, 2, 4, 5, 0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x9f]

  test.each([...PASSING, ...LASTING])("that refuses with %i is not asked faster than the backoff allows", (code) => {
    const version = code < 6 ? 4 : 5
    const { ports, advance } = device({ version, answers: { a: () => connack(code, version) } })
    advance(TEN_HOURS_AND_ONE)
    expect(seenBy(ports.a!)).toEqual(patient(LASTING.includes(code) ? { leastMs: 30_000 } : {}))
  })

  test.each([
    ["at once", 0],
    ["after a second", 1000],
    ["after 59 s", 59_000],
  ])("that accepts and throws out %s", (_when, afterMs) => {
    const { house, ports, advance } = device({
      answers: {
        a(port) {
          house.after((afterMs + 50) * 1000, () => port.kick(disconnect(0x98)))
          return connack(0, 5)
        },
      },
    })
    advance(TEN_HOURS_AND_ONE)
    expect(seenBy(ports.a!)).toEqual(patient())
  })

  test("that throws out each time it was good for a minute sees one connect a minute", () => {
    const { house, ports, advance } = device({
      answers: {
        a(port) {
          house.after(61e6, () => port.kick(disconnect(0x98)))
          return connack(0, 5)
        },
      },
    })
    advance(3_600_000)
    expect(ports.a!.dialledMs.length).toBeLessThanOrEqual(60)
  })

  test("that is not there", () => {
    const { ports, advance } = device({ answers: { a: () => connack(0, 5) } })
    ports.a!.stop()
    advance(TEN_HOURS_AND_ONE)
    expect(seenBy(ports.a!)).toEqual(patient())
  })

  test("that says nothing after the connection is open", () => {
    const { ports, advance } = device({ answers: { a: () => ({ bytes: "" }) } })
    advance(TEN_HOURS_AND_ONE)
    expect(seenBy(ports.a!)).toEqual(patient())
  })

  test("where two devices have one client id: they take over from each other a few times a minute at most", () => {
    const house = new Clock()
    const port: Port = new Port(house, () => {
      port.kick(disconnect(0x8e))
      return connack(0, 5)
    })
    const twins = [0, 1].map((index) =>
      createMember({
        serial: serialOf(index),
        ports: { "a:1883": port },
        addresses: [{ host: "a", port: 1883 }],
        house,
        five: (clock) => mqtt5(clock),
      }),
    )
    for (const { supervisor } of twins) supervisor.onWifiUp()
    house.advance(TEN_HOURS_AND_ONE * 1000)
    expect(within(port.dialledMs, 0, MINUTE_MS)).toBeLessThanOrEqual(2 * (1 + FIRST_MINUTE))
    expect(within(port.dialledMs, 36_000_000, 3_600_000)).toBeLessThanOrEqual(2 * PER_HOUR)
  })
})

describe("redirects", () => {
  const redirect = (code: number, to: string) => () => connack(code, 5, to)

  test.each([
    // a, and three hops: to b, to a, to b.
    ["use another server", 0x9c, 2],
    // The same, and then a once more: as the place that was moved to, and as the one that is listed.
    ["server moved", 0x9d, 3],
  ])("in a circle (%s) are left after three hops, and wait", (_what, code, perRound) => {
    const { ports, advance } = device({ answers: { a: redirect(code, "b"), b: redirect(code, "a") }, listed: ["a"] })
    advance(TEN_HOURS_AND_ONE)
    expect(seenBy(ports.a!)).toEqual(patient({ perRound }))
    expect(seenBy(ports.b!)).toEqual(patient({ perRound }))
  })

  test("a broker that redirects to itself sees four connects a round", () => {
    const { ports, advance } = device({ answers: { a: redirect(0x9c, "a") } })
    advance(TEN_HOURS_AND_ONE)
    expect(seenBy(ports.a!)).toEqual(patient({ perRound: 4 }))
  })

  test("0x9C in CONNACK is followed within a second, and forgotten when that connection ends", () => {
    const { ports, member, advance } = device({
      answers: { a: redirect(0x9c, "b"), b: () => connack(0, 5) },
      listed: ["a"],
    })
    advance(1100)
    expect([member.isOnline(), ports.b!.connections]).toEqual([true, 1])
    advance(MINUTE_MS)
    ports.b!.kick()
    advance(5500)
    expect([member.isOnline(), ports.a!.dialledMs.length, ports.b!.dialledMs.length]).toEqual([true, 2, 2])
  })

  test("0x9D in DISCONNECT is followed, and remembered: the old place is not asked again while the new one is there", () => {
    const { ports, member, advance } = device({
      answers: { a: () => connack(0, 5), b: () => connack(0, 5) },
      listed: ["a"],
    })
    advance(2 * MINUTE_MS)
    ports.a!.kick("\xe0\x06\x9d\x04\x1c\0\x01b")
    advance(1100)
    expect([member.isOnline(), ports.b!.connections]).toEqual([true, 1])
    advance(2 * MINUTE_MS)
    ports.b!.kick()
    advance(4100)
    expect([ports.a!.dialledMs.length, ports.b!.dialledMs.length]).toEqual([1, 2])
    advance(2 * MINUTE_MS)
    ports.b!.stop()
    advance(6000)
    expect([member.isOnline(), ports.a!.connections]).toEqual([true, 1])
  })

  test("a fleet that is sent away in one moment does not arrive in one moment", () => {
    const house = new Clock()
    const [a, b] = [new Port(house, () => connack(0, 5)), new Port(house, () => connack(0, 5))]
    const fleet = Array.from({ length: 200 }, (_, index) =>
      createMember({
        serial: serialOf(index),
        ports: { "a:1883": a, "b:1883": b },
        addresses: [{ host: "a", port: 1883 }],
        house,
        five: (clock) => mqtt5(clock),
      }),
    )
    for (const { supervisor } of fleet) supervisor.onWifiUp()
    house.advance(120e6)
    a.kick("\xe0\x06\x9c\x04\x1c\0\x01b")
    house.advance(2e6)
    expect(b.acceptedMs).toHaveLength(200)
    const tenths = Array.from({ length: 10 }, (_, tenth) => within(b.acceptedMs, 120_000 + tenth * 100, 100))
    expect(Math.max(...tenths)).toBeLessThan(40)
    expect(Math.min(...tenths)).toBeGreaterThan(5)
  })
})

describe("failover", () => {
  const good = () => connack(0, 5)

  test("the first is down: the second has the device within a second, and keeps it when the first is back", () => {
    const { ports, member, advance } = device({ answers: { a: good, b: good } })
    ports.a!.stop()
    advance(1100)
    expect([member.isOnline(), ports.b!.connections]).toEqual([true, 1])
    ports.a!.start()
    advance(3_600_000)
    expect([ports.a!.dialledMs.length, ports.b!.connections]).toEqual([1, 1])
  })

  test("the second goes down, too: back to the first within the first wait", () => {
    const { ports, member, advance } = device({ answers: { a: good, b: good } })
    ports.a!.stop()
    advance(2 * MINUTE_MS)
    ports.a!.start()
    ports.b!.stop()
    advance(4100)
    expect([member.isOnline(), ports.a!.connections]).toEqual([true, 1])
  })

  test("the first goes down under way: it is asked once more, and the second has the device within seconds", () => {
    const { ports, member, advance } = device({ answers: { a: good, b: good } })
    advance(2 * MINUTE_MS)
    expect(ports.a!.connections).toBe(1)
    ports.a!.stop()
    advance(5100)
    expect([member.isOnline(), ports.a!.dialledMs.length, ports.b!.connections]).toEqual([true, 2, 1])
  })

  test("the first refuses: the second has the device, which does not ask the first again", () => {
    const { ports, member, advance } = device({
      version: 4,
      answers: { a: () => connack(5, 4), b: () => connack(0, 4) },
    })
    advance(3_600_000)
    expect([member.isOnline(), ports.a!.dialledMs.length, ports.b!.connections]).toEqual([true, 1, 1])
  })

  test("all are down: none sees more connects than one alone would", () => {
    const { ports, advance } = device({ answers: { a: good, b: good, c: good } })
    for (const port of Object.values(ports)) port.stop()
    advance(TEN_HOURS_AND_ONE)
    for (const port of Object.values(ports)) expect(seenBy(port)).toEqual(patient())
  })
})

describe("a fleet of 1,000 whose broker restarts", () => {
  const CLIENTS = 1000

  /** Seconds without a broker; and the largest share of the fleet that one second may see, and the last may take in seconds. */
  test.each([
    [0.1, 0.4, 4],
    [5, 0.22, 24],
    [30, 0.08, 90],
    [300, 0.04, 125],
    [3600, 0.04, 125],
  ])(
    "after %d s without it, no second sees more than a share of %d, and all are back within %d s",
    (downS, most, lastS) => {
      const { backMs, online } = restart(CLIENTS, downS * 1000)
      expect([backMs.length, online]).toEqual([CLIENTS, CLIENTS])
      expect(busiestSecond(backMs, CLIENTS)).toBeLessThan(most)
      expect(backMs.at(-1)! / 1000).toBeLessThan(lastS)
    },
  )

  test("is the same in every run, and another with other addresses", () => {
    expect(restart(50, 5000)).toEqual(restart(50, 5000))
    const waits = new Set(restart(50, 100).backMs.map(Math.round))
    expect(waits.size).toBeGreaterThan(40)
  })
})
