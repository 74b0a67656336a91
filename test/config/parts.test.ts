import { describe, expect, test } from "vitest"
import { makePart } from "../../sim/parts/catalogue"
import { bench } from "../sim/parts/bench"
import { PARTS } from "../../tools/config/parts"
import { load, problemsOf, sound } from "./support/project"

/** Those on an I2C bus; what a config may say of a part is what the simulated part asks for. */
describe.each(["sht3x", "sht4x", "bme280", "aht20", "bh1750"])("%s", (name) => {
  const { pins, options = {} } = PARTS[name]

  test("asks for the pins that a config has to name", () => {
    const table = bench()
    const asked: string[] = []
    makePart(name, { ...table.place, net: (role) => (asked.push(role), table.net(role)) })
    expect(asked.sort()).toEqual(Object.keys(pins).sort())
  })

  test("may have each address that a config allows, and no other", () => {
    const { address } = options
    const allowed = address && typeof address === "object" && "oneOf" in address ? address.oneOf : []
    for (const one of allowed) expect(makePart(name, bench(1, undefined, { address: one }).place)).toBeDefined()
    expect(() => makePart(name, bench(1, undefined, { address: "0x11" }).place)).toThrow(
      /address 0x11: its pins allow 0x/,
    )
  })
})

/** A part on any two pins: the wiring is checked, not the program. */
const wired = (light: Record<string, unknown>) => {
  const config = sound()
  config.devices.climate.parts = { light: { part: "bh1750", sda: "GPIO21", scl: "GPIO22", ...light } }
  return config
}

test("an address is written as text, since JSON has no hexadecimal numbers", async () => {
  const [device] = (await load(wired({ address: "0x5C" }))).devices
  expect(device.parts).toEqual([
    { name: "light", part: "bh1750", pins: { sda: 21, scl: 22 }, options: { address: "0x5C" } },
  ])
})

test("an address that the part cannot have is refused with those it can", async () => {
  expect((await problemsOf(wired({ address: "0x40" })))[0]).toContain(
    "climate.parts.light.address: 0x40 will not do. Write one of 0x23, 0x5C.",
  )
})

test("an option that is no number says so, and not that it is out of range", async () => {
  const config = sound()
  config.devices.climate.parts = { dht22: { data: "sensor" }, strip: { part: "led-strip", data: "GPIO16", leds: "20" } }
  expect((await problemsOf(config))[0]).toContain(
    'climate.parts.strip.leds: the text "20" is not a number. Write 1 to 1000, without quotes and unit.',
  )
})

test("a misspelt end is told once, and is not missing as well", async () => {
  const problems = await problemsOf(wired({ scl: undefined, slc: "GPIO22" }))
  expect(problems.filter((line) => line.includes("climate.parts"))).toEqual([
    expect.stringContaining('climate.parts.light.slc: a bh1750 has no such pin or option. Did you mean "scl"?'),
  ])
})
