import { Command } from "commander"
import { expect, test } from "vitest"
import { addSimOptions, brokerUrl, type SimOptions } from "../../tools/cli/sim/options"

function parsed(...args: string[]): SimOptions {
  const command = addSimOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
  return command.parse(args, { from: "user" }).opts<SimOptions>()
}

test("without options: this folder's file, real time, seed 1, info", () => {
  expect(parsed()).toEqual({ config: "flash.config.json", speed: 1, seed: 1, log: "info" })
})

test("devices are named apart or together", () => {
  expect(parsed("--only", "a", "--only", "b,c").only).toEqual(["a", "b", "c"])
})

test.each([
  [["--speed", "max"], { speed: "max" }],
  [["--speed", "0.5"], { speed: 0.5 }],
  [["--for", "1h30min"], { for: 5_400_000_000 }],
  [["--seed", "0"], { seed: 0 }],
  [["--port", "1900"], { port: 1900 }],
  [["--battery", "2000mAh"], { battery: 2000 }],
  [["--battery", "2.6 Ah"], { battery: 2600 }],
  [["--battery", "500"], { battery: 500 }],
  [["--fault", "wifi: drop", "--fault", "a.b: c 1,5"], { fault: ["wifi: drop", "a.b: c 1,5"] }],
])("%j is understood", (args, options) => {
  expect(parsed(...args)).toMatchObject(options)
})

test.each([
  [["--speed", "fast"], 'Write a number from 0.01 to 10000, or "max".'],
  [["--speed", "0"], 'Write a number from 0.01 to 10000, or "max".'],
  [["--for", "soon"], "Write a time above zero, such as 90s, 10min, 1h or 1h30min."],
  [["--for", "10m"], "Write 10min."],
  [["--for", "0s"], "Write a time above zero"],
  [["--seed", "x"], "Write a whole number from 0 up."],
  [["--port", "70000"], "Write a port from 1 to 65535."],
  [["--battery", "big"], "Write the battery's charge, such as 2000mAh or 2Ah."],
  [["--battery", "0mAh"], "Write the battery's charge"],
  [["--log", "inf"], 'Did you mean "info"?'],
  [["--sped", "1"], "unknown option '--sped'"],
])("%j is refused with what to write", (args, message) => {
  expect(() => parsed(...args)).toThrow(message)
})

test("a broker's address may carry user, password and port", () => {
  expect(brokerUrl("mqtt://host")).toEqual({ host: "host", port: 1883 })
  expect(brokerUrl("mqtt://u:p%40ss@10.0.0.1:1884")).toEqual({
    host: "10.0.0.1",
    port: 1884,
    user: "u",
    password: "p@ss",
  })
  expect(brokerUrl("mqtt://[::1]:1884/")).toEqual({ host: "::1", port: 1884 })
})

test.each(["http://u:s3cret@host", "host:1883", "mqtt://", "mqtt://u:s3cret@host/path", "mqtts://u:s3cret@host"])(
  "the address %s is refused without being quoted",
  (url) => {
    expect(() => brokerUrl(url)).toThrow(/--broker: .*Write mqtt:\/\/host/)
    try {
      brokerUrl(url)
    } catch (error) {
      expect((error as Error).message).not.toContain("s3cret")
    }
  },
)
