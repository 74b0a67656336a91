import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("light-meter", () => {
  let house: House
  const bh1750 = () => house.device("light-meter").part("bh1750")
  const isLit = () => house.device("light-meter").part("relay").closed
  const payloads = (of: string) => house.broker.messages.filter(({ topic }) => topic === of).map((m) => m.payload)
  const shine = async (lux: number) => {
    bh1750().lux = lux
    await house.advance("21s")
    return Number(payloads("light").at(-1))
  }

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["light-meter"] })
    bh1750().lux = 300
    await house.advance("15s")
  })

  it("tells how light it is, from the dark to full sun", async () => {
    for (const lux of [0, 3, 120, 30_000, 80_000, 110_000, 40_000, 100])
      expect(Math.abs((await shine(lux)) - lux)).toBeLessThanOrEqual(Math.max(1, lux * 0.01))
  })

  it("switches its lamp on at dusk and off when it is clearly lighter, not in between", async () => {
    const seen: boolean[] = []
    for (const lux of [60, 40, 60, 70, 80, 60]) {
      await shine(lux)
      seen.push(isLit())
    }
    expect(seen).toEqual([false, true, true, true, false, false])
    expect(payloads("light/lamp")).toEqual(["OFF", "ON", "OFF"])
  })

  it("leaves the lamp as it is when the sensor is gone", async () => {
    await shine(10)
    const told = payloads("light").length
    bh1750().faults.missing = true
    await house.advance("1min")
    expect([isLit(), payloads("light").length]).toEqual([true, told])
    expect(house.device("light-meter").logs.at(-1)!.text).toMatch(/bh1750: error -1/)
  })
})
