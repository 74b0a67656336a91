import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { ROOT } from "../../tools/root"
import { Mosquitto, WHY_NO_MOSQUITTO } from "../brokers/mosquitto"
import { Peer } from "../vm/peer"

const SHIPPED = join(ROOT, "test/scenarios/flash.config.json")
const why = WHY_NO_MOSQUITTO ? ` (skipped: ${WHY_NO_MOSQUITTO})` : ""

describe.skipIf(WHY_NO_MOSQUITTO)(`motewire sim --broker with Mosquitto${why}`, () => {
  it("brings the boards to it: others hear the sensor, the bulb hears others, and the output shows both", async () => {
    const broker = await Mosquitto.start()
    const peer = await Peer.connect(broker.port)
    await peer.subscribe("sensor/data")
    const options = [
      "--broker",
      `mqtt://127.0.0.1:${broker.port}`,
      "--for",
      "8s",
      "--json",
      "--log",
      "debug",
      "--config",
      SHIPPED,
    ]
    const run = spawn(process.execPath, [join(ROOT, "tools/motewire.mjs"), "sim", ...options], { cwd: ROOT })
    let out = ""
    run.stdout.setEncoding("utf8").on("data", (text) => (out += text))
    await peer.got("sensor/data", (payload) => /^\{"temperature":\d/.test(payload), 15_000)
    await broker.subscribed("sensor/data", 2)
    await peer.publish("sensor/data", '{"temperature":31,"humidity":40}')
    const [code] = await once(run, "close")
    peer.close()
    await broker.stop()
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    const said = events.filter(({ kind, action }) => kind === "mqtt" && action === "publish")
    expect(said.some(({ client, topic }) => client.startsWith("climate") && topic === "sensor/data")).toBe(true)
    // 31 °C is red
    const shine = events.findLast(({ kind, device }) => kind === "part" && device === "bulb")
    expect(shine.values).toMatchObject({ green: 0, blue: 0 })
    expect(shine.values.red).toBeGreaterThan(0.1)
    expect([code, events.at(-1).kind]).toEqual([0, "summary"])
  })
})
