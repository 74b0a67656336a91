import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("button-relay", () => {
  let house: House
  const button = () => house.device("button-relay").part("button")
  const relay = () => house.device("button-relay").part("relay")
  const states = () => house.broker.messages.filter(({ topic }) => topic === "workshop/relay").map((m) => m.payload)

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["button-relay"] })
    await house.advance("10s")
  })

  it("starts open and says so", () => {
    expect(relay().closed).toBe(false)
    expect(states()).toEqual(["OFF"])
  })

  it("toggles the relay once per press and says so", async () => {
    for (const isClosed of [true, false]) {
      button().press()
      await house.advance("1s")
      expect(relay().closed).toBe(isClosed)
    }
    expect(states()).toEqual(["OFF", "ON", "OFF"])
  })

  it.each([
    ["ON", true],
    ["TOGGLE", true],
    ["OFF", false],
    ["on", false],
  ])("set to %s leaves it closed: %s", async (payload, isClosed) => {
    house.broker.publish("workshop/relay/set", payload)
    await house.advance("1s")
    expect(relay().closed).toBe(isClosed)
  })

  it("toggles while the Wi-Fi is away and says so afterwards", async () => {
    house.network.wifi.drop()
    button().press()
    await house.advance("1min")
    expect(relay().closed).toBe(true)
    house.network.wifi.restore()
    await house.advance("5min")
    expect(states()).toEqual(["OFF", "ON"])
  })
})
