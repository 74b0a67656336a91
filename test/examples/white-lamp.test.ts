import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("white-lamp", () => {
  let house: House
  const lamp = () => house.device("white-lamp").part("white-led")
  const states = () =>
    house.broker.messages.filter(({ topic }) => topic === "desk/lamp").map(({ payload }) => JSON.parse(payload))

  async function command(told: unknown): Promise<void> {
    house.broker.publish("desk/lamp/set", JSON.stringify(told))
    await house.advance("2s")
  }

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["white-lamp"] })
    await house.until(() => house.linkOf("white-lamp") === "online")
    await house.advance("1s")
  })

  it("is dark until told, and then warm", async () => {
    expect([lamp().warm, lamp().cold]).toEqual([0, 0])
    await command({ state: "ON" })
    expect([lamp().warm, lamp().cold]).toEqual([1, 0])
  })

  it("gives the same light at any kelvin, in the mix that makes it", async () => {
    for (const kelvin of [2700, 3500, 4500, 6500]) {
      await command({ state: "ON", color_temp: kelvin })
      // Two duties of 10 bits, both rounded down.
      expect(lamp().warm + lamp().cold).toBeGreaterThan(0.997)
      expect(lamp().warm + lamp().cold).toBeLessThanOrEqual(1)
      const mired = (1e6 / lamp().kelvin - 1e6 / kelvin) as number
      expect(Math.abs(mired)).toBeLessThan(2)
    }
    expect(states().map((state) => state.color_temp)).toEqual([2700, 3500, 4500, 6500])
  })

  it("keeps its brightness and its white over off and on", async () => {
    await command({ state: "ON", brightness: 128, color_temp: 4000 })
    const before = [lamp().warm, lamp().cold]
    await command({ state: "OFF" })
    expect([lamp().warm, lamp().cold]).toEqual([0, 0])
    await command({ state: "ON" })
    expect([lamp().warm, lamp().cold]).toEqual(before)
    expect(states().map(({ state, brightness }) => [state, brightness])).toEqual([
      ["ON", 128],
      ["OFF", 0],
      ["ON", 128],
    ])
  })
})
