import { describe, expect, test } from "vitest"
import { loadBoards, type Board } from "../../tools/config/boards"
import { resolveParts } from "../../tools/config/parts"
import { ConfigError } from "../../tools/config/problem"
import { wiringFaults } from "../../tools/config/wiring"
import { load, problemsOf, sound } from "./support/project"

/** What the wiring beside a program with one setting, `sensor`, is told. */
async function told(parts: Record<string, Record<string, unknown>>, board = "esp32-devkitc") {
  const config = sound()
  config.devices = { climate: { board, program: "climate.ts", settings: { sensor: "GPIO4" }, parts } }
  const found = await load(config).then(
    ({ warnings }) => ({ problems: [] as string[], warnings }),
    async (error: unknown) =>
      error instanceof ConfigError ? { problems: await problemsOf(config), warnings: [] } : Promise.reject(error),
  )
  const warnings = found.warnings.map(({ key, reason, remedy }) => `${key}: ${reason}. ${remedy}`)
  const ofParts = (line: string) => line.includes("climate.parts") && !line.includes("no setting of the program is")
  return { problems: found.problems.filter(ofParts), warnings: warnings.filter(ofParts) }
}

describe("a part on a pin that no setting has", () => {
  test("is refused where the program could not use the pin either", async () => {
    const { problems } = await told({ fan: { part: "relay", coil: "GPIO34" } })
    expect(problems).toEqual([
      expect.stringContaining(
        "climate.parts.fan.coil: GPIO34 is input-only on esp32-devkitc, and fan.coil is an output. Use one of",
      ),
    ])
  })

  test("of the flash is refused, whatever the part", async () => {
    const { problems } = await told({ peer: { part: "serial-peer", tx: "GPIO9", rx: "GPIO17" } })
    expect(problems).toEqual([expect.stringContaining("climate.parts.peer.tx: GPIO9 is wired to the flash")])
  })

  test("is warned about as a setting would be", async () => {
    const { warnings } = await told({ fan: { part: "relay", coil: "GPIO18" } })
    expect(warnings).toEqual([
      expect.stringContaining("GPIO18 is pulled up while the board boots, so fan.coil may twitch"),
    ])
  })
})

describe("two parts on one pin", () => {
  test("are refused when one of them drives it, with pins that are free", async () => {
    const { problems } = await told({ fan: { part: "relay", coil: "GPIO16" }, button: { contact: "GPIO16" } })
    expect(problems).toEqual([
      expect.stringMatching(
        /climate.parts.button.contact: GPIO16 is already taken by fan.coil. Give each part a pin of its own. Use one of GPIO13,/,
      ),
    ])
  })

  test("are warned about when both follow an output", async () => {
    const { problems, warnings } = await told({
      fan: { part: "relay", coil: "GPIO16" },
      lamp: { part: "dimmed-led", light: "GPIO16" },
    })
    expect(problems).toEqual([])
    expect(warnings).toEqual([
      expect.stringContaining(
        "climate.parts.lamp.light: GPIO16 is already taken by fan.coil, so the dimmed-led does what that does",
      ),
    ])
  })

  test("may share a bus, each end with its like", async () => {
    const air = (sda: string, scl: string) => ({ part: "bme280", sda, scl })
    const light = { part: "bh1750", sda: "GPIO21", scl: "GPIO22" }
    expect(await told({ light, air: air("GPIO21", "GPIO22") })).toEqual({ problems: [], warnings: [] })
    expect((await told({ light, air: air("GPIO22", "GPIO21") })).problems).toHaveLength(2)
    const probe = { part: "ds18b20", data: "GPIO16" }
    expect(await told({ floor: probe, pipe: probe })).toEqual({ problems: [], warnings: [] })
  })

  test("a part on two ends of itself is refused", async () => {
    expect((await told({ light: { part: "bh1750", sda: "GPIO21", scl: "GPIO21" } })).problems).toHaveLength(1)
  })
})

test("a part at a setting that is meant for something else is warned about", async () => {
  const { warnings } = await told({ fan: { part: "relay", coil: "sensor" } })
  expect(warnings).toEqual([
    "devices.climate.parts.fan.coil: GPIO4 is sensor, a wire that is driven low and watched, and the relay wants an output. " +
      "Wire it to the setting that is meant for it.",
  ])
})

function wire(board: Board, part: string, ends: Record<string, unknown>) {
  const device = { board, schema: {}, values: {}, prefix: "devices.it" }
  return wiringFaults(resolveParts({ [part]: ends }, device).parts, device)
}

test("a part that drives its pin is refused at an output", async () => {
  const config = sound()
  const { bulb } = config.devices
  config.devices = { bulb: { ...bulb, parts: { ...bulb.parts, button: { contact: "GPIO16" } } } }
  const short = "devices.bulb.parts.button.contact: GPIO16 is red, a PWM output, and the button wants a watched input."
  expect((await problemsOf(config))[0]).toContain(short)
})

/** Datasheets: the level that stops the boot, by chip and pin; the others only change it. */
const STOPS: Record<string, Record<number, "low" | "high">> = {
  ESP32: { 0: "low", 12: "high" },
  "ESP32-C3": { 9: "low" },
  "ESP32-S3": { 0: "low", 45: "high" },
}
/** At reset, by the parts' own circuits: modules with pull-ups, relay and lamps to ground, a sensor that drives. */
const AT_RESET: Record<string, { parts: [part: string, end: string][]; levels: string[] }> = {
  up: {
    parts: [
      ["dht22", "data"],
      ["button", "contact"],
      ["ds18b20", "data"],
    ],
    levels: ["high"],
  },
  down: {
    parts: [
      ["relay", "coil"],
      ["dimmed-led", "light"],
    ],
    levels: ["low"],
  },
  either: {
    parts: [
      ["pir", "out"],
      ["potentiometer", "wiper"],
    ],
    levels: ["low", "high"],
  },
  none: { parts: [["led-strip", "data"]], levels: [] },
}

describe.each(loadBoards().map((board) => [board.name, board] as const))("at reset on %s", (name, board) => {
  test.each(Object.entries(AT_RESET))("parts that pull %s stop no boot unnoticed", (_, { parts, levels }) => {
    for (const [pin, { number, strapping }] of Object.entries(board.pins))
      for (const [part, end] of parts) {
        const { problems, warnings } = wire(board, part, { [end]: pin })
        const [stops, changes] = [problems, warnings].map((all) =>
          all.filter(({ reason }) => reason.includes(` the ${part} `)),
        )
        const isStop = levels.includes(STOPS[board.chip][number] ?? "")
        const isChange = !isStop && strapping !== undefined && levels.includes(strapping.wrong)
        expect([name, pin, part, stops.length, changes.length]).toEqual([
          name,
          pin,
          part,
          isStop ? 1 : 0,
          isChange ? 1 : 0,
        ])
        for (const { key, reason, remedy } of [...stops, ...changes]) {
          expect([key, remedy]).toEqual([
            `devices.it.parts.${part}.${end}`,
            expect.stringMatching(/^(Use one of GPIO|No pin of esp32-s3)/),
          ])
          expect(reason).toContain(`${pin} is a strapping pin, and the ${part} `)
        }
      }
  })
})

test("a DS18B20 without its module's resistor pulls nothing up", () => {
  const board = loadBoards().find(({ name }) => name === "esp32-devkitc")!
  const { warnings } = wire(board, "ds18b20", { data: "GPIO2", pullUp: false })
  const atReset = warnings.map(({ reason }) => reason).filter((reason) => reason.includes("strapping"))
  expect(atReset).toEqual([expect.stringContaining("GPIO2 is a strapping pin, and at reset high")])
})

describe("a wiring that is probably a mistake is warned about:", () => {
  const bus = { kind: "pins", roles: { sda: "i2c", scl: "i2c" } } as const
  function warningsOf(parts: Record<string, Record<string, unknown>>) {
    const board = loadBoards().find(({ name }) => name === "esp32-devkitc")!
    const device = { board, schema: { bus }, values: { bus: [21, 22] }, prefix: "devices.it" }
    const { problems, warnings } = wiringFaults(resolveParts(parts, device).parts, device)
    expect(problems).toEqual([])
    return warnings.map(({ key, reason, remedy }) => `${key}: ${reason}. ${remedy}`)
  }
  const ends = { sda: "bus.sda", scl: "bus.scl" }

  test("a part on a pin that no setting has", () => {
    expect(warningsOf({ fan: { part: "relay", coil: "GPIO16" } })).toEqual([
      "devices.it.parts.fan.coil: no setting of the program is GPIO16, so it does not know of the relay. " +
        "Wire it to a setting's pin, by the setting's name.",
    ])
  })

  test("SDA and SCL swapped", () => {
    expect(warningsOf({ bme280: { sda: "bus.scl", scl: "bus.sda" } })).toEqual([
      "devices.it.parts.bme280.sda: GPIO22 is bus.scl. Swap the two wires of the bus.",
      "devices.it.parts.bme280.scl: GPIO21 is bus.sda. Swap the two wires of the bus.",
    ])
  })

  test("two parts at one address of one bus, with the addresses there are", () => {
    expect(warningsOf({ sht3x: ends, sht4x: ends })).toEqual([
      "devices.it.parts.sht4x: sht4x and sht3x are at 0x44 of one bus, and answer both at once. " +
        'Give each an address of its own, or a bus. Write an "address": one of 0x44, 0x45, 0x46.',
    ])
    expect(warningsOf({ one: { part: "aht20", ...ends }, two: { part: "aht20", ...ends } })).toHaveLength(1)
    expect(warningsOf({ sht3x: ends, sht4x: { ...ends, address: "0x45" }, aht20: ends })).toEqual([])
  })
})
