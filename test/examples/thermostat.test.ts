import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("thermostat", () => {
  let house: House
  const device = () => house.device("thermostat")
  const isHeating = () => device().part("relay").closed
  const payloads = (of: string) => house.broker.messages.filter(({ topic }) => topic === of).map((m) => m.payload)
  const be = (temperatureC: number) => (device().parts.ntc.temperatureC = temperatureC)

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["thermostat"] })
    device().parts.ntc.air.lagS = 0
    be(18)
    await house.advance("30s")
  })

  it("tells the temperature to within half a degree", async () => {
    for (const temperatureC of [5, 18, 25, 40]) {
      be(temperatureC)
      await house.advance("15s")
      expect(Math.abs(Number(payloads("thermostat/temperature").at(-1)) - temperatureC)).toBeLessThan(0.5)
    }
  })

  it("waits five minutes after a power cut before it heats, and says so when it does", async () => {
    await house.advance("4min")
    expect([isHeating(), payloads("thermostat/heating")]).toEqual([false, ["OFF"]])
    await house.advance("1min")
    expect([isHeating(), payloads("thermostat/heating")]).toEqual([true, ["OFF", "ON"]])
  })

  it("heats for three minutes at least, and rests for five", async () => {
    await house.advance("280s")
    expect(isHeating()).toBe(true)
    be(25)
    await house.advance("2min")
    expect(isHeating()).toBe(true)
    await house.advance("1min")
    expect(isHeating()).toBe(false)
    be(18)
    await house.advance("4min")
    expect(isHeating()).toBe(false)
    await house.advance("70s")
    expect(isHeating()).toBe(true)
  })

  it("takes another temperature from the broker, and no nonsense", async () => {
    house.broker.publish("thermostat/set", "10")
    for (const nonsense of ["", "warm", "99"]) house.broker.publish("thermostat/set", nonsense)
    await house.advance("10min")
    expect(isHeating()).toBe(false)
    house.broker.publish("thermostat/set", "20.5")
    await house.advance("15s")
    expect(isHeating()).toBe(true)
  })

  it("does not heat without its thermometer, and tells why", async () => {
    await house.advance("10min")
    expect(isHeating()).toBe(true)
    for (const fault of ["broken", "shorted"] as const) {
      device().parts.ntc.faults[fault] = true
      await house.advance("1min")
      expect(isHeating()).toBe(false)
      device().parts.ntc.faults[fault] = false
      await house.advance("10min")
      expect(isHeating()).toBe(true)
    }
  })
})
