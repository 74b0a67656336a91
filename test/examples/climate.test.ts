import { expect, it } from "vitest"
import { bootHouse } from "../../tools/house"

it("publishes what the sensor feels, and comes back after Wi-Fi was away", async () => {
  const house = await bootHouse("flash.config.json", { only: ["climate"] })
  house.device("climate").parts.dht22.temperatureC = 30
  await house.advance("31s")
  expect(house.broker.messages.at(-1)?.payload).toContain('"temperature":30.0')
  house.network.wifi.drop()
  await house.advance("1min")
  house.network.wifi.restore()
  await house.until(() => house.linkOf("climate") === "online")
})
