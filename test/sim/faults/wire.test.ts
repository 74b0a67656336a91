import { describe, expect, test } from "vitest"
import { Clock } from "../../../sim/clock/clock"
import { Random } from "../../../sim/clock/random"
import { looseContact, slowEdge, spike } from "../../../sim/faults/wire"
import { FLOAT, HIGH, LOW, Net, PULL_DOWN, PULL_UP } from "../../../sim/pins/net"
import type { Disturbance } from "../../../sim/pins/net"

const CHIP = {}
const PART = {}

function wire(disturbance?: Disturbance) {
  const clock = new Clock()
  const net = new Net("GPIO4", CHIP)
  const edges: string[] = []
  net.onEdge((level) => edges.push(`${clock.nowUs}${level ? "+" : "-"}`))
  const end = disturbance && net.disturb(disturbance)
  return { clock, net, edges, end: end ?? (() => undefined) }
}

/** 500 square waves of 1 ms. */
function edgesOf(disturb: (clock: Clock) => Disturbance): string[] {
  const { clock, net, edges } = wire()
  net.disturb(disturb(clock))
  for (let i = 0; i < 500; i++) {
    clock.after(i * 1000, () => net.drive(CHIP, HIGH))
    clock.after(i * 1000 + 500, () => net.drive(CHIP, LOW))
  }
  clock.advance(1_000_000)
  return edges
}

describe("a short", () => {
  test.each([0, 1] as const)("holds the wire at %i against everybody, and says so", (held) => {
    const { net, end } = wire()
    net.drive(CHIP, held ? LOW : HIGH)
    const let_go = net.disturb({ held })
    expect([net.level, net.state]).toEqual([held, "conflict"])
    expect(net.isForcedHigh).toBe(held === 1)
    net.drive(CHIP, PULL_UP)
    expect([net.level, net.state]).toEqual([held, held ? "high" : "low"])
    let_go()
    end()
    expect([net.level, net.state]).toEqual([1, "high"])
  })

  test("takes PWM off the wire and gives it back", () => {
    const { net } = wire()
    net.drive(CHIP, { kind: "pwm", duty: 0.7, frequencyHz: 5000 })
    const end = net.disturb({ held: 0 })
    expect([net.pwm, net.level]).toEqual([undefined, 0])
    end()
    expect([net.pwm, net.state]).toEqual([{ duty: 0.7, frequencyHz: 5000 }, "pwm"])
  })
})

describe("a broken wire", () => {
  test("leaves an input to the chip's own pull", () => {
    const { net } = wire()
    net.drive(CHIP, PULL_UP)
    net.drive(PART, LOW)
    const end = net.disturb({ isOpen: true })
    expect(net.level).toBe(1)
    end()
    expect(net.level).toBe(0)
  })

  test("keeps what the chip drives from the part", () => {
    const { net } = wire({ isOpen: true })
    net.drive(PART, PULL_DOWN)
    net.drive(CHIP, HIGH)
    expect([net.level, net.isOpen]).toEqual([0, true])
  })

  test("lets a PWM wire float", () => {
    const { net } = wire({ isOpen: true })
    net.drive(PART, FLOAT)
    net.drive(CHIP, { kind: "pwm", duty: 0.7, frequencyHz: 5000 })
    expect([net.state, net.pwm]).toEqual(["float", undefined])
  })
})

test("a slow edge comes late, a fall in time, and a short pulse never", () => {
  const { clock, net, edges } = wire()
  net.disturb(slowEdge(clock, 30))
  for (const [atUs, drive] of [
    [100, HIGH],
    [200, LOW],
    [300, HIGH],
    [320, LOW],
  ] as const)
    clock.at(atUs, () => net.drive(CHIP, drive))
  clock.advance(1000)
  expect(edges).toEqual(["130+", "200-"])
})

test("a spike is the other level while it lasts, and what is driven meanwhile is seen behind it", () => {
  const { clock, net, edges } = wire()
  net.drive(CHIP, HIGH)
  clock.advance(10)
  const end = net.disturb(spike(10, 15))
  clock.advance(5)
  end()
  expect(edges).toEqual(["0+", "10-", "15+"])
  expect(net.level).toBe(1)
})

describe("a loose contact", () => {
  const loose = (share: number, seed = 1) => edgesOf((clock) => looseContact(clock, new Random(seed), share))

  test("of 0 % spoils nothing", () => expect(loose(0)).toHaveLength(1000))

  test("of 10 % loses edges and adds bounces", () => {
    const spoilt = loose(0.1)
    const good = new Set(edgesOf(() => ({})))
    const kept = spoilt.filter((edge) => good.has(edge)).length
    expect(kept).toBeGreaterThan(850)
    expect(kept).toBeLessThan(960)
    expect(spoilt.some((edge) => !good.has(edge))).toBe(true)
  })

  test("is the same for the same seed, and not for another", () => {
    expect(loose(0.3)).toEqual(loose(0.3))
    expect(loose(0.3)).not.toEqual(loose(0.3, 2))
  })

  test("comes to rest at what is driven", () => {
    const { clock, net } = wire()
    net.disturb(looseContact(clock, new Random(3), 1))
    net.drive(CHIP, HIGH)
    clock.advance(1_000_000)
    expect(net.level).toBe(1)
  })

  test("that is mended says no more", () => {
    const { clock, net, edges } = wire()
    const end = net.disturb(looseContact(clock, new Random(3), 1))
    net.drive(CHIP, HIGH)
    end()
    const seen = edges.length
    clock.advance(1_000_000)
    expect([net.level, edges.length]).toEqual([1, seen])
  })
})
