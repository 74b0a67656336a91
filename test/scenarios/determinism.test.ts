import { describe, expect, test } from "vitest"
import type { DeviceSpec } from "../../sim/device"
import type { HouseEvent } from "../../sim/events"
import { House } from "../../sim/house"
import { pace } from "../../sim/clock/pace"
import { home, shippedSpecs } from "./home"
import type { Home } from "./home"

/** A quarter of an hour in which everything goes wrong once, with the same turns of the clock or with none. */
async function troubledTrace(seed: number, turn = (h: Home, us: number) => h.house.advance({ us })): Promise<string[]> {
  const h = await home({ seed, trace: true })
  const { house, climate } = h
  const steps: (() => void)[] = [
    () => house.network.wifi.drop(),
    () => house.network.wifi.restore(),
    () => (climate.parts.dht22.faults.badChecksum = true),
    () => (climate.parts.dht22.faults.badChecksum = false),
    () => house.broker.stop(),
    () => house.broker.start(),
    () => house.network.tcp.reset(),
    () => house.network.cut("climate"),
    () => house.network.heal("climate"),
    () => climate.chip.loseCallback("data"),
    () => house.broker.publish("sensor/data", "nonsense"),
    () => climate.powerOff(),
    () => climate.powerOn(),
  ]
  for (const step of steps) {
    await turn(h, 67_000_000)
    step()
  }
  await turn(h, 60_000_000)
  return house.trace
}

describe("same seed, same trace", () => {
  test("byte for byte through every kind of trouble; another seed, another trace", async () => {
    const [first, second, other] = [await troubledTrace(7), await troubledTrace(7), await troubledTrace(8)]
    expect(first.length).toBeGreaterThan(2000)
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test("in steps of odd lengths, and from a host that stutters", async () => {
    const oneGo = await troubledTrace(7)
    const stepped = await troubledTrace(7, async (h, us) => {
      const endUs = h.house.nowUs + us
      for (let step = 1; h.house.nowUs < endUs; step = (step * 7919) % 1_000_003)
        await h.house.advance({ us: Math.min(step, endUs - h.house.nowUs) })
    })
    expect(stepped).toEqual(oneGo)
  })

  test.each([500, 5000])("paced at %i house seconds a second against as fast as it goes", async (speed) => {
    const toUs = 3 * 60_000_000
    const [paced, fast] = [await home({ seed: 3, trace: true }), await home({ seed: 3, trace: true })]
    await pace(paced.house, { speed, untilUs: toUs, tickMs: 1 })
    await pace(fast.house, { speed: "max", untilUs: toUs })
    expect(paced.house.nowUs).toBe(toUs)
    expect(fast.house.trace.length).toBeGreaterThan(500)
    expect(paced.house.trace).toEqual(fast.house.trace)
  })

  test("tracing and listening change nothing", async () => {
    const outcomes = new Set<string>()
    const { ssid, pass } = (await shippedSpecs())[0]!.record!
    for (const [trace, listens] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const devices = structuredClone(await shippedSpecs())
      const house = new House({ devices, network: { ssid, password: pass }, seed: 3, trace })
      const heard: HouseEvent[] = []
      if (listens) house.on((event) => heard.push(event))
      house.boot()
      await house.advance("10min")
      expect([house.trace.length > 500, heard.length > 500]).toEqual([trace, listens])
      const logs = [...house.devices.values()].map((device) => device.logs)
      outcomes.add(JSON.stringify([house.view(), house.broker.messages, logs]))
    }
    expect([...outcomes][0]!.length).toBeGreaterThan(1000)
    expect(outcomes.size).toBe(1)
  })
})

/** Fades each 30 s for a day would be a third of this folder's time. */
function everyFiveMinutes(specs: DeviceSpec[]): DeviceSpec[] {
  specs[0]!.record!.s.interval = 300_000
  return specs
}

describe("a day", () => {
  test("of two boards leaves their memory as the first hour did", async () => {
    const h = await home({ seed: 5, change: everyFiveMinutes })
    await h.house.advance("1h")
    const memory = () => h.house.view().devices.map((device) => device.memory)
    const [before, peak] = [memory(), [...h.house.devices.values()].map(({ chip }) => chip.interpreter!.memory.peak)]
    await h.house.advance("23h")
    expect(memory()).toEqual(before)
    expect([...h.house.devices.values()].map(({ chip }) => chip.interpreter!.memory.peak)).toEqual(peak)
    expect(h.house.broker.messages.length).toBe(24 * 12)
    expect(h.of("boot")).toHaveLength(2)
    expect(h.house.view().messages).toHaveLength(20)
    expect(h.house.clock.nextAtUs() - h.house.nowUs).toBeLessThan(5_000_000)
  })
})
