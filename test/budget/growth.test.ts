import { readFileSync } from "node:fs"
import { beforeAll, describe, expect, it } from "vitest"
import type { Board } from "../../sim/board"
import type { DeviceSpec } from "../../sim/device"
import { House } from "../../sim/house"
import { buildProgram } from "../../tools/build/program"

const MESSAGES = 10_000
const board = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board
const record = { id: "bulb", ssid: "workshop", pass: "secret-word", host: "192.168.1.10", port: 1883 }

describe("the simulated bulb", () => {
  let spec: DeviceSpec

  beforeAll(async () => {
    spec = {
      name: "bulb",
      bundle: (await buildProgram("src/apps/bulb.ts")).code,
      board,
      record: { ...record, s: { red: 16, green: 17, blue: 23, topic: "sensor/data" } },
      parts: [{ name: "lamp", part: "rgb-led", pins: { red: 16, green: 17, blue: 23 } }],
    }
  })

  it("holds after 10,000 messages what it held after 10: timers, handlers, socket", async () => {
    const house = new House({ devices: [spec], trace: false })
    house.boot()
    await house.until(() => house.linkOf("bulb") === "online")
    const used = () => house.view().devices[0]!.memory.used

    async function feed(count: number): Promise<number> {
      for (let sent = 0; sent < count; sent++) {
        house.broker.publish("sensor/data", `{"temperature":${sent % 40},"humidity":${sent % 100}}`, { qos: 1 })
        await house.advance("20ms")
      }
      await house.advance("2s")
      return used()
    }
    const before = await feed(10)
    expect(await feed(MESSAGES)).toBe(before)
    // The last message was hot and damp: it arrived, so the others did.
    expect(house.device("bulb").parts["lamp"]!.values()["red"]).toBeGreaterThan(0.9)
    await house.close()
  })
})
