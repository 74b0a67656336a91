import { expect, test } from "vitest"
import { settingsRecord } from "../../tools/config/record"
import { load, problemsOf, sound } from "./support/project"

const FIRST = { host: "10.0.0.2", user: "devices", password: { env: "MQTT_PASSWORD" } }
const ENV = { WIFI_PASSWORD: "correct-horse", MQTT_PASSWORD: "s3cret" }
/** A sound file with these brokers. */
const withBrokers = (...broker: unknown[]) => ({ ...sound(), broker })

test("a list's first broker stands in the record as one alone would, the others under one more key", async () => {
  const config = await load(withBrokers(FIRST, { host: "10.0.0.3" }, { host: "b.local", port: 1884 }), ENV)
  expect(settingsRecord(config, "bulb")).toMatchObject({
    host: "10.0.0.2",
    port: 1883,
    user: "devices",
    pw: "s3cret",
    more: [
      { host: "10.0.0.3", port: 1883 },
      { host: "b.local", port: 1884 },
    ],
  })
})

test("a list of one is one broker, and its record has no further key", async () => {
  const [list, alone] = await Promise.all([load(withBrokers(FIRST), ENV), load({ ...sound(), broker: FIRST }, ENV)])
  expect(settingsRecord(list, "bulb")).toEqual(settingsRecord(alone, "bulb"))
  expect(settingsRecord(list, "bulb")).not.toHaveProperty("more")
})

test("a broker of the command line takes the place of all", async () => {
  const config = await load(withBrokers(FIRST, { host: "10.0.0.3" }), ENV)
  const record = settingsRecord(config, "bulb", { broker: { host: "127.0.0.1", port: 1999 } })
  expect(record).toMatchObject({ host: "127.0.0.1", port: 1999 })
  expect(record).not.toHaveProperty("more")
})

test("a program that dials the first alone is told of, one that dials all is not", async () => {
  const config = withBrokers(FIRST, { host: "10.0.0.3" })
  config.devices.switch = {
    board: "esp32-devkitc",
    program: "switch.ts",
    settings: { button: "GPIO17", relay: "GPIO16", room: "hall" },
  }
  const { warnings } = await load(config, ENV)
  expect(warnings.map(({ key }) => key)).toEqual(["devices.climate.program", "devices.bulb.program"])
  expect(warnings[0]).toMatchObject({
    reason: "this program dials the first broker only",
    remedy: 'Give `brokers` of "motewire/net/brokers" to `program` as an option, or keep one broker.',
  })
  expect((await load(withBrokers(FIRST), ENV)).warnings).toEqual([])
})

test.each<[string, unknown[], string]>([
  ["a wrong key", [FIRST, { host: "b", prot: 1 }], 'broker.1.prot: this key is not known here. Did you mean "port"?'],
  [
    "a missing host",
    [FIRST, { port: 1883 }],
    'broker.1.host: is missing: the broker\'s name or address as the devices see it. Write "host": "192.168.1.10".',
  ],
  [
    "a wrong port",
    [{ host: "a", port: 0 }, { host: "b" }],
    "broker.0.port: 0 does not fit: this is the broker's TCP port, 1 to 65535. Write for example 1883.",
  ],
  [
    "a user of its own",
    [FIRST, { host: "b", user: "other" }],
    "broker.1.user: the login of the first broker serves all. Remove it here.",
  ],
  [
    "a password in the open",
    [{ host: "a", user: "u", password: "hunter2" }],
    'broker.0.password: a secret must not stand in this file. Write "password": { "env": "MQTT_PASSWORD" } and put the ' +
      "line MQTT_PASSWORD=... into .env.local beside this file, which git ignores, or into the environment.",
  ],
  [
    "a password without a user",
    [{ host: "a", password: { env: "MQTT_PASSWORD" } }],
    'broker.0.password: stands without a user. Add "user": "..." beside it.',
  ],
  [
    "one that stands twice",
    [FIRST, { host: "b" }, { host: "10.0.0.2" }],
    "broker.2: 10.0.0.2:1883 stands twice. Keep one of the two.",
  ],
  ["an empty list", [], "broker: holds no broker. Write 1 to 8 of them, in order of preference."],
  [
    "nine brokers",
    Array.from({ length: 9 }, (_, i) => ({ host: `10.0.0.${i}` })),
    "broker: holds 9 brokers. Write 1 to 8 of them, in order of preference.",
  ],
  [
    "text in place of a broker",
    [FIRST, "10.0.0.3"],
    'broker.1: the text "10.0.0.3" does not fit: this is the MQTT broker of the devices, or several in order of preference. ' +
      'Write for example {"host":"192.168.1.10","port":1883}.',
  ],
])("%s in a list is told with its place and a remedy", async (_what, broker, told) => {
  expect(await problemsOf(withBrokers(...broker), ENV)).toEqual([`flash.config.json: ${told}`])
})

test("a secret that is not set is told with its place in the list", async () => {
  const { warnings } = await load(withBrokers(FIRST, { host: "b" }), { WIFI_PASSWORD: "correct-horse" })
  expect(warnings.map(({ key }) => key)).toContain("broker.0.password")
})
