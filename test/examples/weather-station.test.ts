import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("weather-station", () => {
  let house: House
  const bme280 = () => house.device("weather-station").part("bme280")
  const payloads = (of: string) => house.broker.messages.filter(({ topic }) => topic === of).map((m) => m.payload)
  const last = () => JSON.parse(payloads("weather").at(-1)!) as Record<string, number>

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["weather-station"] })
    await house.advance("5s")
  })

  it("publishes what the sensor feels, the pressure as it would be 540 m below", async () => {
    bme280().temperatureC = -12.3
    bme280().humidityPct = 81
    bme280().pressureHpa = 950
    await house.advance("30min")
    const { temperature, humidity, pressure } = last()
    expect([Math.abs(temperature! + 12.3), Math.abs(humidity! - 81)]).toEqual([
      expect.closeTo(0, 0),
      expect.closeTo(0, 0),
    ])
    // 66 hPa for 540 m near the ground: the barometric formula, in its other form exp(-h / 8 km), to a percent.
    expect(Math.abs(pressure! / (950 * Math.exp(540 / 8000)) - 1)).toBeLessThan(0.01)
  })

  it("says that it has no sensor while there is none, and goes on when it is back", async () => {
    bme280().faults.missing = true
    await house.advance("2min")
    const before = payloads("weather").length
    expect(payloads("weather/state").at(-1)).toBe("no sensor")
    expect(house.device("weather-station").logs.at(-1)!.text).toMatch(/bme280: error -1/)
    bme280().faults.missing = false
    await house.advance("2min")
    expect([payloads("weather/state").at(-1), payloads("weather").length > before]).toEqual(["ok", true])
  })
})
