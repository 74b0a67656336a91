import { bootHouse, expectMessage, expectNoMessage } from "motewire/sim"
import { it } from "vitest"

it("publishes what the sensor feels, but nothing spoilt, and comes back after Wi-Fi was away", async () => {
  const house = await bootHouse("flash.config.json", { only: ["climate"] })
  house.act((h) => (h.device("climate").parts.dht22.temperatureC = 30))
  await expectMessage(house, "sensor/data", { payload: { temperature: 30 }, within: "31s" })
  house.fault("climate.dht22: flip-bit 17 for 1min")
  await expectNoMessage(house, "sensor/data", { for: "1min" })
  house.fault("wifi: drop for 1min")
  await expectMessage(house, "sensor/data", { payload: /"temperature":30\.0/, within: "2min" })
})
