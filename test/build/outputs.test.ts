import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { outputsOf, type Built } from "../../tools/build/outputs"
import { bundlesOf } from "../../tools/build/bundles"
import { loadConfig, type Config } from "../../tools/config/load"
import { settingsRecord } from "../../tools/config/record"

const climate = (sensor: string, board = "esp32-devkitc") => ({
  board,
  program: path.resolve("src/apps/climate.ts"),
  settings: { sensor, topic: "t" },
})

const CONFIG = {
  network: { ssid: "home", password: { env: "MW_WIFI" } },
  broker: { host: "10.0.0.1", user: "house", password: { env: "MW_BROKER" } },
  devices: {
    kitchen: climate("GPIO4"),
    attic: climate("GPIO5", "esp32-c3-devkitm"),
    bulb: {
      board: "esp32-devkitc",
      program: path.resolve("src/apps/bulb.ts"),
      settings: { red: "GPIO16", green: "GPIO17", blue: "GPIO23", topic: "t" },
    },
  },
}

const ENV = { MW_WIFI: "planted-wifi-secret", MW_BROKER: "planted-broker-secret" }

describe("what is built for a device", () => {
  let config: Config
  let built: Record<string, Built>

  beforeAll(async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "motewire-outputs-")), "flash.config.json")
    writeFileSync(file, JSON.stringify(CONFIG))
    config = await loadConfig(file, ENV)
    const bundles = await bundlesOf(config.devices)
    built = Object.fromEntries(
      config.devices.map((device) => [device.name, outputsOf(config, device, bundles.get(device.name)!)]),
    )
  }, 60_000)

  it("has one bundle, one hash and one pretokenised form for all devices of a program", () => {
    const [kitchen, attic, bulb] = [built.kitchen!, built.attic!, built.bulb!]
    expect(attic.bundle.code).toBe(kitchen.bundle.code)
    expect(attic.manifest.sha256).toBe(kitchen.manifest.sha256)
    expect(attic.manifest.tokens).toEqual(kitchen.manifest.tokens)
    expect(bulb.manifest.sha256).not.toBe(kitchen.manifest.sha256)
    expect(attic.record.s).not.toEqual(kitchen.record.s)
  })

  it("names the board, the versions and the blocks in the manifest", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string }
    expect(built.attic!.manifest).toMatchObject({ device: "attic", board: "esp32-c3-devkitm", motewire: version })
    expect(built.attic!.manifest.tokens.firmware).toBe("2v29")
    const { rest, peak, total } = built.attic!.manifest.blocks
    expect(rest).toBeLessThan(peak)
    expect(peak).toBeLessThan(total)
  })

  it("names the variables of secrets, and holds nothing of their values", () => {
    expect(built.kitchen!.record).toMatchObject({ pass: { env: "MW_WIFI" }, user: "house", pw: { env: "MW_BROKER" } })
    expect(JSON.stringify(built)).not.toContain("planted")
  })

  it("has in its settings what a chip's record has, secrets apart", () => {
    for (const { name } of config.devices) {
      const { pass, pw, ...rest } = settingsRecord(config, name)
      expect([pass, pw]).toEqual(["planted-wifi-secret", "planted-broker-secret"])
      expect(built[name]!.record).toMatchObject(rest)
      expect(Object.keys(built[name]!.record).sort()).toEqual(Object.keys({ ...rest, pass, pw }).sort())
    }
  })

  it("is 15 % smaller pretokenised than minified, for the programs that ship", () => {
    for (const { bundle, tokens } of Object.values(built))
      expect(tokens.code.length).toBeLessThanOrEqual(0.85 * bundle.bytes)
  })
})
