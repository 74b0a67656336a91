import { advance, bootHouse, expectMessage, expectNoMessage, expectPin } from "motewire/sim"
import { describe, expect, it } from "vitest"

/** The greenhouse on a simulated board, with what flash.config.json wires to it. The clock stands at power-on. */
const greenhouse = () => bootHouse("examples/flash.config.json", { only: ["greenhouse"] })

describe("the greenhouse", () => {
  it("publishes what its sensor feels", async () => {
    const house = await greenhouse()
    house.act((h) => (h.device("greenhouse").parts.dht22.temperatureC = 31))
    await expectMessage(house, "greenhouse/climate", { payload: { temperature: 31 }, within: "20s" })
  })

  it("turns its fan as it is told, and tells of its button", async () => {
    const house = await greenhouse()
    await advance(house, "10s")
    house.act((h) => h.broker.publish("greenhouse/fan/set", "ON"))
    await expectPin(house, "greenhouse.GPIO16", "high", { within: "1s" })
    house.act((h) => h.device("greenhouse").parts.button.press(500))
    await expectMessage(house, "greenhouse/button", { payload: "pressed", within: "100ms" })
    await expectMessage(house, "greenhouse/button", { payload: "released", within: "1s" })
    expect(house.device("greenhouse").parts.relay.closed).toBe(true)
  })

  it("does not publish a reading that came spoilt, and warns", async () => {
    const house = await greenhouse()
    await expectMessage(house, "greenhouse/climate")
    house.fault("greenhouse.dht22: flip-bit 17 for 1min")
    await expectNoMessage(house, "greenhouse/climate", { for: "1min" })
    expect(house.device("greenhouse").logs.at(-1)?.text).toContain("sensor: error")
    await expectMessage(house, "greenhouse/climate")
  })

  it("cannot tell of a press while Wi-Fi is away; with Wi-Fi, from the same moment on, it does", async () => {
    const house = await greenhouse()
    await advance(house, "1min")
    const online = house.snapshot()
    house.fault("wifi: drop for 30s")
    house.act((h) => h.device("greenhouse").parts.button.press())
    await expectNoMessage(house, "greenhouse/button", { for: "30s" })
    await house.restore(online)
    house.act((h) => h.device("greenhouse").parts.button.press())
    await expectMessage(house, "greenhouse/button", { payload: "pressed" })
  })
})
