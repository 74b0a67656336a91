import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("meter", () => {
  let house: House
  const meter = () => house.device("meter")
  const told = (topic: string) => house.broker.messages.filter((one) => one.topic === topic).map((one) => one.payload)

  async function pulse(): Promise<void> {
    meter().part("button").press()
    await house.advance("1s")
  }

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["meter"] })
    await house.until(() => house.linkOf("meter") === "online")
  })

  it("tells each pulse once, also those of a time without Wi-Fi", async () => {
    await pulse()
    house.network.wifi.drop()
    await pulse()
    await pulse()
    house.network.wifi.restore()
    await house.advance("5min")
    expect(told("meter/pulse")).toEqual(["1", "2", "3"])
  })

  it("still tells what it could not before the power went", async () => {
    house.network.wifi.drop()
    await pulse()
    meter().reboot()
    await house.advance("10s")
    house.network.wifi.restore()
    await house.advance("5min")
    expect(told("meter/pulse")).toEqual(["1"])
  })

  it("answers who asks, where and with what they want", async () => {
    await pulse()
    house.broker.publish("meter/ask", "", {
      properties: { responseTopic: "me/answers", correlationData: "7" },
    })
    await house.advance("1s")
    const answer = house.broker.messages.find(({ topic }) => topic === "me/answers")
    expect(answer).toMatchObject({ payload: "1", properties: { correlationData: "7" } })
  })
})
