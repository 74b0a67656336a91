import { inspect } from "node:util"
import { expect, test } from "vitest"
import { problemLine } from "../../tools/config/problem"
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

test("a line of .env.local that assigns nothing is told by its number alone, and spoils no other line", async () => {
  const lines = [
    "# mine",
    "",
    `${PASSWORD} was the old one`,
    "WIFI_PASSWORD: no colon",
    `export WIFI_PASSWORD=${PASSWORD}`,
  ]
  for (const [end, mark] of [
    ["\n", ""],
    ["\r\n", "\ufeff"],
  ]) {
    const config = await load(sound(), {}, { ".env.local": mark + lines.join(end) })
    expect(settingsRecord(config, "climate").pass).toBe(PASSWORD)
    expect(config.warnings).toEqual(
      [3, 4].map((line) => ({
        key: ".env.local",
        reason: `line ${line} assigns nothing`,
        remedy: "Write NAME=value there, or begin it with #.",
      })),
    )
  }
})

test("values in quotes may go over lines, hold what looks like another line, and be left open", async () => {
  const env = `OTHER="one\ntwo words\nWIFI_PASSWORD=no"\n  LONG = 'it # is' # so\nOPEN="\nWIFI_PASSWORD=${PASSWORD}`
  const config = await load(sound(), {}, { ".env.local": env })
  expect(config.warnings).toEqual([])
  expect(settingsRecord(config, "climate").pass).toBe(PASSWORD)
})

test("an .env.local that cannot be read is told", async () => {
  await expect(load(sound(), {}, { ".env.local/x": "" })).rejects.toThrow(
    /^cannot read \S+\.env\.local \(EISDIR\): it must be a file/,
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
      remedy:
        "The simulator makes do without it, and takes any; to flash a board put WIFI_PASSWORD=... into .env.local.",
    },
  ])
})

test("a Wi-Fi password of a length that WPA2 cannot have is a warning for the simulator, which tells its length alone", async () => {
  const { warnings } = await load(sound(), { WIFI_PASSWORD: "short" })
  expect(warnings.map((warning) => problemLine("it", warning))).toEqual([
    "it: network.password: WIFI_PASSWORD holds 5 characters. " +
      "A WPA2 password has 8 to 63: no board can be flashed with this one.",
  ])
  const fitting = [8, 63, 64].map((length) => load(sound(), { WIFI_PASSWORD: "x".repeat(length) }))
  for (const config of await Promise.all(fitting)) expect(config.warnings).toEqual([])
  expect((await load(sound(), { WIFI_PASSWORD: "x".repeat(65) })).warnings).toHaveLength(1)
})

test("a broker password without a user is refused", async () => {
  const config = sound()
  config.broker.password = { env: "MQTT_PASSWORD" }
  expect((await problemsOf(config))[0]).toContain("broker.password: stands without a user")
})
