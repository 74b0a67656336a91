import { expect, test } from "vitest"
import { deviceSpec, settingsRecord, wifiPassword } from "../../tools/config/record"
import { simulated } from "../../tools/house"
import { load, sound } from "./support/project"

test("the record holds what Storage holds, and nothing else", async () => {
  const config = await load(sound(), { WIFI_PASSWORD: "correct-horse" })
  expect(settingsRecord(config, "climate")).toEqual({
    id: "climate",
    ssid: "workshop",
    pass: "correct-horse",
    host: "192.168.1.10",
    port: 1883,
    s: { sensor: 4, interval: 30_000 },
  })
})

test("user and password of the broker go into the record", async () => {
  const config = sound()
  config.broker = { host: "b", user: "devices", password: { env: "MQTT_PASSWORD" } }
  const loaded = await load(config, { MQTT_PASSWORD: "s3cret" })
  expect(settingsRecord(loaded, "bulb", { standIn: "x" })).toMatchObject({ user: "devices", pw: "s3cret", port: 1883 })
})

test("in the simulator a missing secret is replaced by a stand-in, and the access point takes any", async () => {
  const config = await load(sound())
  expect(settingsRecord(config, "climate", { standIn: "stand-in" }).pass).toBe("stand-in")
  expect(wifiPassword(config, "stand-in")).toBe("stand-in")
  expect(simulated(config, new Map()).network).toEqual({ ssid: "workshop", password: undefined })
  const known = await load(sound(), { WIFI_PASSWORD: "correct-horse" })
  expect(simulated(known, new Map()).network).toEqual({ ssid: "workshop", password: "correct-horse" })
  expect(() => settingsRecord(config, "climate")).toThrow("WIFI_PASSWORD is not set")
})

test("another broker replaces the file's, credentials and all", async () => {
  const config = sound()
  config.broker = { host: "b", user: "devices", password: { env: "MQTT_PASSWORD" } }
  const loaded = await load(config, { WIFI_PASSWORD: "correct-horse", MQTT_PASSWORD: "s3cret" })
  const record = settingsRecord(loaded, "bulb", { broker: { host: "10.0.0.1", port: 1884 } })
  expect(record).toMatchObject({ host: "10.0.0.1", port: 1884 })
  expect(record).not.toHaveProperty("user")
  expect(record).not.toHaveProperty("pw")
})

test("an open network has an empty password", async () => {
  const config = sound()
  delete config.network.password
  expect(settingsRecord(await load(config), "climate").pass).toBe("")
})

test("the simulator's device has board, record, parts and bundle", async () => {
  const spec = deviceSpec(await load(sound()), "bulb", "CODE", { standIn: "12345678" })
  expect(spec).toMatchObject({ name: "bulb", bundle: "CODE", board: { chip: "ESP32" }, record: { id: "bulb" } })
  expect(spec.parts).toEqual([{ name: "lamp", part: "rgb-led", pins: { red: 16, green: 17, blue: 23 } }])
})
