import { describe, expect, test } from "vitest"
import { listFaults } from "../../sim/faults/list"
import { Random } from "../../sim/clock/random"
import type { Fault } from "../../sim/faults/grammar"
import { FaultError } from "../../sim/faults/value"
import { homeOnline, readings, untilOnline } from "./home"

/** One value that hurts for each fault that takes one. */
const VALUES: Record<string, string> = {
  "brown-out": "200ms",
  "low-supply": "2.43V",
  "lose-callback": "timer",
  "loose-contact": "20%",
  "slow-edge": "30us",
  glitch: "50us",
  "weak-signal": "-91dBm",
  loss: "30%",
  latency: "400ms",
  jitter: "300ms",
  restart: "5s",
  refuse: "3",
  mute: "puback",
  "flip-bit": "17",
  "short-frame": "12",
  drift: "5",
}
const TARGETS: Record<string, string> = {
  BOARD: "climate",
  "BOARD.PIN": "climate.GPIO4",
  "BOARD.dht22": "climate.dht22",
}

/** Everything that can happen to the climate board, its sensor, its wire, and the house, for a minute. */
const ROWS = listFaults().filter(({ of }) => of in TARGETS || !of.startsWith("BOARD."))
const ALL = ROWS.map(({ of, fault, written }) => {
  const value = written === fault ? "" : ` ${VALUES[fault]}`
  return `${TARGETS[of] ?? of}: ${fault}${value}`.trim()
})

test("every fault that takes a value has one here", () => {
  const takers = ROWS.filter(({ fault, written }) => written !== fault).map(({ fault }) => fault)
  for (const fault of takers) expect(Object.keys(VALUES)).toContain(fault)
  for (const fault of Object.keys(VALUES)) expect(takers).toContain(fault)
  expect(ALL.length).toBeGreaterThan(35)
})

describe("a house that something happens to for a minute", () => {
  test.each(ALL)("%s: measures and publishes again afterwards, and twice in the same way", async (text) => {
    const traces: string[] = []
    for (let run = 0; run < 2; run++) {
      const h = await homeOnline({ trace: true })
      const fault = h.house.fault(text)
      await h.house.advance("1min")
      fault.end()
      await untilOnline(h, "5min")
      const before = readings(h).length
      await h.house.until(() => readings(h).length >= before + 2, "2min", "1s")
      expect(h.house.view().devices.map(({ state, link }) => [state, link])).toEqual([
        ["running", "online"],
        ["running", "online"],
      ])
      traces.push(h.house.trace.join("\n"))
    }
    expect(traces[1] === traces[0]).toBe(true)
  })
})

describe("a house goes back", () => {
  test.each([1, 2, 3, 4, 5])("to any moment of a troubled hour (%i)", async (seed) => {
    const random = new Random(seed)
    const { house } = await homeOnline({ trace: true, seed })
    const points = []
    for (let i = 0; i < 12; i++) {
      await house.advance({ us: random.below(400_000_000) })
      house.fault(
        `${ALL[random.below(ALL.length)]}${random.next() < 0.5 ? "" : ` @ ${Math.ceil(house.nowUs / 1e6) + 3}s`}`,
      )
      const temperatureC = random.between(10, 30)
      house.act((h) => (h.device("climate").parts.dht22.temperatureC = temperatureC))
      points.push(house.snapshot())
    }
    const whole = [...house.trace]
    for (let i = 0; i < 4; i++) {
      const point = points[random.below(points.length)]!
      await house.restore(point)
      expect(house.nowUs).toBe(point.atUs)
      expect(house.trace.join("\n") === whole.slice(0, point.events).join("\n")).toBe(true)
    }
  })
})

test("a part's faults are set and taken back", async () => {
  const { house, climate } = await homeOnline()
  const faults = climate.parts.dht22.faults as unknown as Record<string, unknown>
  for (const text of ALL.filter((each) => each.startsWith("climate.dht22"))) {
    const field = text.split(" ")[1]!.replace(/-[a-z]/g, (letter) => letter[1]!.toUpperCase())
    const before = faults[field]
    const fault = house.fault(text)
    expect(faults[field], text).not.toBe(before)
    fault.end()
    expect(faults[field], text).toBe(before)
  }
})

test("types know the faults of each target", () => {
  const faults: Fault[] = [
    { target: "wifi", fault: "weak-signal", value: -85 },
    { target: "climate.GPIO4", fault: "loose-contact", value: "5%", at: "1min", for: { us: 5 } },
    { target: "climate", fault: "brown-out", every: "1h" },
  ]
  expect(faults).toHaveLength(3)
})

test("types refuse what the house refuses: another target's fault, a time that is none", async () => {
  const { house } = await homeOnline()
  const misuses = [
    // @ts-expect-error a board's
    () => house.fault({ target: "wifi", fault: "reboot" }),
    // @ts-expect-error the network's
    () => house.fault({ target: "broker", fault: "latency", value: "1s" }),
    // @ts-expect-error the Wi-Fi's
    () => house.fault({ target: "climate", fault: "weak-signal", value: -85 }),
    // @ts-expect-error a wire's
    () => house.fault({ target: "network", fault: "stuck-low" }),
    // @ts-expect-error no duration: of microseconds only
    () => house.fault({ target: "wifi", fault: "drop", for: { ms: 10 } }),
    // @ts-expect-error a value that is neither number nor text
    () => house.fault({ target: "network", fault: "loss", value: true }),
    // @ts-expect-error nothing
    () => house.fault({ target: "wifi" }),
  ]
  for (const [i, misuse] of misuses.entries()) expect(misuse, `${i}`).toThrow(FaultError)
  const fault: Fault = { target: "climate", fault: "reboot" }
  expect(house.fault(fault)).toBeDefined()
})
