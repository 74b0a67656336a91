import { inspect } from "node:util"
import { expect, test } from "vitest"
import { settingsRecord } from "../../tools/config/record"
import { load, problemsOf, sound } from "./support/project"

const PASSWORD = "correct-horse"

test("a literal secret is refused, with the way it is done, and never printed", async () => {
  const config = sound()
  config.network.password = PASSWORD
  const [line, ...more] = await problemsOf(config)
  expect(line).toBe(
    "flash.config.json: network.password: a secret must not stand in this file. " +
      'Write "password": { "env": "WIFI_PASSWORD" } and put the line WIFI_PASSWORD=... into .env.local ' +
      "beside this file, which git ignores, or into the environment.",
  )
  expect(more).toEqual([])
})

test.each([
  [{ env: PASSWORD + "!" }, "network.password.env: is not the name of an environment variable"],
  [{ value: PASSWORD }, "network.password.value: this key is not known here"],
  [{ env: "A", pasted: PASSWORD }, "network.password.pasted: this key is not known here"],
  [12345678, "network.password: a secret must not stand in this file"],
])("a secret written as %j is refused without quoting it", async (written, told) => {
  const config = sound()
  config.network.password = written
  const lines = await problemsOf(config)
  expect(lines.join("\n")).toContain(told)
  expect(lines.join("\n")).not.toContain(PASSWORD)
  expect(lines.join("\n")).not.toContain("12345678")
})

test("broken JSON around a pasted secret is told by place, without quoting the text", async () => {
  const text = `{\n  "network": { "ssid": "a", "password": "${PASSWORD}" oops }\n}`
  const [line] = await problemsOf(text)
  expect(line).toMatch(/^flash\.config\.json:2:\d+: A comma or "}" is missing here\./)
  expect(line).not.toContain(PASSWORD)
})

test("secrets come from .env.local, and the environment wins over it", async () => {
  const files = { ".env.local": `# mine\nWIFI_PASSWORD="${PASSWORD}"\n` }
  expect(settingsRecord(await load(sound(), {}, files), "climate").pass).toBe(PASSWORD)
  expect(settingsRecord(await load(sound(), { WIFI_PASSWORD: "from-the-shell" }, files), "climate").pass).toBe(
    "from-the-shell",
  )
})

test("a loaded config cannot be printed into showing a secret", async () => {
  const config = await load(sound(), { WIFI_PASSWORD: PASSWORD })
  const printed =
    inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config) + String(config.network.password)
  expect(printed).not.toContain(PASSWORD)
  expect(printed).toContain("WIFI_PASSWORD")
})

test("a secret that is not set is a warning that names the variable", async () => {
  const { warnings } = await load(sound())
  expect(warnings).toEqual([
    {
      key: "network.password",
      reason: "WIFI_PASSWORD is not set",
      remedy: "The simulator makes do without it; to flash a board put WIFI_PASSWORD=... into .env.local.",
    },
  ])
})

test("a Wi-Fi password of a length that WPA2 cannot have is refused by its length alone", async () => {
  expect(await problemsOf(sound(), { WIFI_PASSWORD: "short" })).toEqual([
    "flash.config.json: network.password: WIFI_PASSWORD holds 5 characters. A WPA2 password has 8 to 63.",
  ])
})

test("a broker password without a user is refused", async () => {
  const config = sound()
  config.broker.password = { env: "MQTT_PASSWORD" }
  expect((await problemsOf(config))[0]).toContain("broker.password: stands without a user")
})
