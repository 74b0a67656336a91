import { describe, expect, test } from "vitest"
import type { House } from "../../../sim/house"
import { specOf } from "../../scenarios/home"
import { record, replay } from "./recording"

/** All that may go wrong, once each. */
async function trouble(house: House): Promise<void> {
  const climate = () => house.device("climate")
  const steps: (() => unknown)[] = [
    () => house.network.wifi.drop(),
    () => house.network.wifi.restore(),
    () => (climate().parts.dht22.faults.badChecksum = true),
    () => (climate().parts.dht22.faults.badChecksum = false),
    () => house.broker.stop(),
    () => house.broker.start(),
    () => house.network.tcp.reset(),
    () => house.network.cut("climate"),
    () => house.network.heal("climate"),
    () => climate().chip.loseCallback("data"),
    () => climate().chip.loseCallback("timer"),
    () => climate().chip.loseCallback("watch"),
    () => house.broker.publish("sensor/data", "nonsense"),
    () => climate().powerOff(),
    () => climate().powerOn(),
    () => house.device("bulb").reboot(),
    () => house.network.wifi.kick(),
    () => (house.network.wifi.lossPct = 20),
    () => (house.network.wifi.lossPct = 0),
    () => (house.network.tcp.dns = "gone"),
    () => (house.network.tcp.dns = "ok"),
  ]
  for (const step of steps) {
    await house.advance("67s")
    house.act(step)
  }
  await house.advance("2min")
}

describe("a replay", () => {
  test("says what was said, through trouble of every kind", async () => {
    const devices = [await specOf("climate"), await specOf("bulb")]
    devices[0]!.record!.host = "broker.example"
    const text = await record({ devices, seed: 7 }, trouble)
    require("fs").writeFileSync("/tmp/t.trace", text)
    for (const spec of devices) {
      const outcome = replay(text, spec)
      expect(outcome.difference).toBeUndefined()
      expect(outcome.outputs).toBeGreaterThan(100)
      expect(outcome.inputs).toBeGreaterThan(50)
    }
  })
})
