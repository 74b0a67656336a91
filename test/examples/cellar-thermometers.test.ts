import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

const PARTS = ["floor", "shelf", "pipe"] as const

describe("cellar-thermometers", () => {
  let house: House
  const device = () => house.device("cellar-thermometers")
  const part = (name: (typeof PARTS)[number]) => device().parts[name]
  const topic = (name: (typeof PARTS)[number]) => `cellar/${part(name).romText}`
  const last = (of: string) => house.broker.messages.filter((message) => message.topic === of).at(-1)?.payload
  const count = (of: string) => house.broker.messages.filter((message) => message.topic === of).length

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["cellar-thermometers"] })
    PARTS.forEach((name) => (part(name).air.lagS = 0))
    part("floor").temperatureC = -10.1
    part("shelf").temperatureC = 21.4
    part("pipe").temperatureC = 85
    await house.advance("30s")
  })

  it("tells each thermometer's temperature under its own number, one without a supply wire and one at 85 °C, too", () => {
    expect(PARTS.map((name) => last(topic(name)))).toEqual(["-10.1", "21.4", "85.0"])
    expect(house.broker.messages.filter((message) => message.topic.endsWith("/error"))).toEqual([])
  })

  it("tells which one is missing, and goes on with the others", async () => {
    part("shelf").faults.missing = true
    const before = PARTS.map((name) => count(topic(name)))
    await house.advance("35s")
    expect(last(`${topic("shelf")}/error`)).toBe("-1")
    expect(count(topic("shelf")) - before[1]!).toBeLessThanOrEqual(1)
    expect([count(topic("floor")) - before[0]!, count(topic("pipe")) - before[2]!]).toEqual([
      expect.toSatisfy((more: number) => more >= 3),
      expect.toSatisfy((more: number) => more >= 3),
    ])
  })

  it("never tells the 85 °C that a part has after a loss of power, whenever that was", async () => {
    for (let i = 0; i < 60; i++) {
      part("shelf").powerOff()
      await house.advance("5ms")
      part("shelf").powerOn()
      await house.advance(`${2000 + 37 * i}ms`)
    }
    const told = house.broker.messages.filter((message) => message.topic === topic("shelf")).map((m) => m.payload)
    expect(told.length).toBeGreaterThan(10)
    expect(new Set(told)).toEqual(new Set(["21.4"]))
  })

  it("refuses what is spoilt on the way", async () => {
    part("floor").faults.flipBit = 3
    await house.advance("30s")
    expect(last(`${topic("floor")}/error`)).toBe("-3")
  })

  it("finds a part that was put on the wire later, when it is asked to look", async () => {
    part("pipe").faults.missing = true
    house.broker.publish("cellar/search", "")
    await house.advance("30s")
    expect(last("cellar/found")).toBe("2")
    part("pipe").faults.missing = false
    house.broker.publish("cellar/search", "")
    await house.advance("30s")
    expect(last("cellar/found")).toBe("3")
  })
})
