import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("led-strip", () => {
  let house: House
  const strip = () => house.device("led-strip").part("led-strip")
  const colours = () => strip().pixels.map(({ red, green, blue }) => [red, green, blue])
  /** By the datasheet: 1 mA an LED, 20 mA a channel at 255. */
  const currentMa = () =>
    30 +
    colours()
      .flat()
      .reduce((sum, byte) => sum + (20 * byte) / 255, 0)

  async function told(payload: string): Promise<void> {
    house.broker.publish("shelf/strip/set", payload)
    await house.advance("1s")
  }

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["led-strip"] })
    await house.until(() => house.linkOf("led-strip") === "online")
    await house.advance("1s")
  })

  it("is dark until told", () => expect(currentMa()).toBe(30))

  it.each([
    ["#200000", [3, 0, 0]],
    ["#004000", [0, 12, 0]],
    ["#000060", [0, 0, 30]],
  ])("shows %s on all LEDs", async (colour, bytes) => {
    await told(colour)
    expect(colours()).toEqual(Array(30).fill(bytes))
  })

  it("fades, and takes no more than 500 mA on its way to white and there", async () => {
    house.broker.publish("shelf/strip/set", "#ffffff")
    const seen = new Set<number>()
    for (let i = 0; i < 20; i++) {
      await house.advance("50ms")
      expect(currentMa()).toBeLessThanOrEqual(500)
      seen.add(colours()[0]![0]!)
    }
    expect(seen.size).toBeGreaterThan(5)
    expect(colours()).toEqual(Array(30).fill(colours()[0]))
    expect(currentMa()).toBeGreaterThan(470)
  })

  it("runs a rainbow of all hues, and a chase of five, and then stands still", async () => {
    await told("rainbow")
    const before = colours()
    expect(new Set(before.map(String)).size).toBe(30)
    await house.advance("80ms")
    expect(colours()).toEqual([before[29], ...before.slice(0, 29)])

    await told("chase")
    expect(colours().filter(([red]) => red)).toHaveLength(5)

    await told("off")
    const { frames } = strip()
    await house.advance("10s")
    expect([currentMa(), strip().frames]).toEqual([30, frames])
  })

  it("stays as it was when told what it does not know", async () => {
    await told("#200000")
    for (const nonsense of ["", "red", "#12", "#zzzzzz", "Rainbow"]) await told(nonsense)
    expect(colours()).toEqual(Array(30).fill([3, 0, 0]))
  })
})
