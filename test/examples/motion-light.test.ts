import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("motion-light", () => {
  let house: House
  const device = () => house.device("motion-light")
  const isLit = () => device().part("relay").closed
  const payloads = (of: string) => house.broker.messages.filter(({ topic }) => topic === of).map((m) => m.payload)
  const press = async (forMs: number) => {
    device().part("button").press(forMs)
    await house.advance(`${forMs + 100}ms`)
  }
  const move = async () => {
    device().parts.pir.move()
    await house.advance("1s")
  }

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["motion-light"] })
    await house.advance("2min")
  })

  it("stays dark while the sensor warms up, whatever its output does", () => {
    expect([isLit(), payloads("hall/motion"), payloads("hall/light")]).toEqual([false, [], ["OFF"]])
  })

  it("comes with motion and goes 20 s after the sensor saw the last of it", async () => {
    await move()
    expect(isLit()).toBe(true)
    await house.advance("23s")
    expect(isLit()).toBe(true)
    await house.advance("2s")
    expect([isLit(), payloads("hall/motion")]).toEqual([false, ["ON", "OFF"]])
  })

  it("is turned over by a click", async () => {
    for (const isOn of [true, false]) {
      await press(150)
      await house.advance("1s")
      expect(isLit()).toBe(isOn)
    }
  })

  it("is left alone after a double click, and comes back to the sensor with another", async () => {
    await press(100)
    await press(100)
    await move()
    expect([isLit(), payloads("hall/light/mode")]).toEqual([false, ["automatic", "by hand"]])
    await house.advance("1min")
    await press(100)
    await press(100)
    await move()
    expect([isLit(), payloads("hall/light/mode").at(-1)]).toEqual([true, "automatic"])
  })

  it("goes off and stays off when the button is held", async () => {
    await move()
    await press(2000)
    expect(isLit()).toBe(false)
    await house.advance("1min")
    await move()
    expect([isLit(), payloads("hall/light/mode").at(-1)]).toEqual([false, "by hand"])
  })
})
