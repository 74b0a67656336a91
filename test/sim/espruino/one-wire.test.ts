import { describe, expect, test } from "vitest"
import { Ds18b20 } from "../../../sim/parts/ds18b20"
import { collect, logsOf, oneBoard } from "../fixture"

const probe = (options: Record<string, number | boolean> = {}) => ({
  parts: [{ name: "probe", part: "ds18b20", pins: { data: 4 }, options }],
})
const logs = (program: string, options = probe()) => logsOf(`var ow = new OneWire(4); ${program}`, "2s", options)

test("a program reads a temperature", async () => {
  const { house, board } = oneBoard(
    `var ow = new OneWire(4), rom = ow.search()[0];
     ow.select(rom); ow.write(0x44);
     setTimeout(function () { ow.select(rom); ow.write(0xBE); var d = ow.read(9); print((d[0] + d[1] * 256) / 16, d.length) }, 750);`,
    probe(),
  )
  board.part("probe", Ds18b20).temperatureC = 21.5
  await house.advance("2s")
  expect(board.logs.map(({ text }) => text)).toEqual(["21.5 9"])
})

describe("OneWire (jswrap_onewire.c, Espruino 2v29)", () => {
  test("reset says whether somebody is there", async () => {
    expect(await logs("print(ow.reset())")).toEqual(["true"])
    expect(await logs("print(ow.reset(), ow.search())", { parts: [] })).toEqual(["false []"])
  })

  test("read gives a number, and a Uint8Array when it is told how many", async () => {
    expect(
      await logs("ow.reset(); ow.skip(); ow.write(0xBE); print(ow.read()); print(ow.read(2) instanceof Uint8Array)"),
    ).toEqual(["80", "true"])
  })

  test("write takes a byte, an array and a string", async () => {
    const config =
      "ow.reset(); ow.skip(); ow.write([0x4E, 1, 2, 0x1F]); ow.reset(); ow.write('\\xCC\\xBE'); print(ow.read(5)[4])"
    expect(await logs(config)).toEqual(["31"])
  })

  test("select wants 16 digits", async () => {
    expect(await logs("try { ow.select('28') } catch (e) { print(e.message) }")).toEqual([
      'Invalid OneWire device address "28"',
    ])
  })

  test("without a pin nothing happens", async () => {
    expect(await logs("var none = new OneWire(); print(none.reset(), none.search(), none.read(1))")).toEqual([
      "false undefined undefined",
    ])
  })

  test("search takes the alarm command, and is the ordinary one for anything out of range", async () => {
    const found = await logs("print(ow.search(0xEC).length, ow.search(300).length, ow.search(-1).length)")
    expect(found).toEqual(["0 1 1"])
  })
})

describe("time", () => {
  test.each([
    ["ow.reset()", 1000],
    ["ow.skip()", 4 * 65 + 4 * 70], // CC has four ones
    ["ow.write(0xFF)", 8 * 65],
    ["ow.read()", 8 * 66],
    ["ow.select('28000000000000cb')", 1000 + 4 * 65 + 4 * 70 + 7 * 65 + 57 * 70],
  ])("%s blocks the chip for %i us", async (call, us) => {
    const shown = await logs(`var t = getTime(); ${call}; print(Math.round((getTime() - t) * 1e6))`)
    expect(shown).toEqual([String(us)])
  })

  test("each call is one event at its start, with what was on the line", async () => {
    const { house } = oneBoard("var ow = new OneWire(4); ow.reset(); ow.skip(); ow.write(0x44, true)", probe())
    const events = collect(house, "onewire")
    await house.advance("1s")
    expect(events.map(({ atUs, slots, isPowered }) => [atUs, slots, isPowered ?? false])).toEqual([
      [350_000, "R", false],
      [351_000, "00110011", false],
      [351_540, "00100010", true],
    ])
  })
})

describe("the pin", () => {
  test.each([
    ["ow.reset()", "opendrain_pullup"],
    ["ow.read()", "opendrain_pullup"],
    ["ow.write(0x44)", "input"],
    ["ow.write(0x44, true)", "output"],
  ])("is left by %s as %s", async (call, mode) => {
    const { house, board } = oneBoard(`var ow = new OneWire(4); ${call}`, probe())
    await house.advance("1s")
    expect(board.chip.gpio.find(4)).toMatchObject({ hardware: mode, out: 1 })
  })

  test("a parasite lives on the power behind a write, and not without", async () => {
    const read = (power: string) =>
      logs(
        `ow.reset(); ow.skip(); ow.write(0x44${power});
         setTimeout(function () { ow.reset(); ow.skip(); ow.write(0xBE); print(ow.read()) }, 760)`,
        probe({ parasite: true }),
      )
    expect(await read("")).toEqual(["80"]) // 85 °C is 0550
    expect(await read(", true")).not.toEqual(["80"])
  })

  test("that can only listen pulls nothing low", async () => {
    const shown = await logsOf("var ow = new OneWire(34); print(ow.reset(), ow.search())", "1s", {
      parts: [{ name: "probe", part: "ds18b20", pins: { data: 34 } }],
    })
    expect(shown).toEqual(["false []"])
  })
})

describe("a wire that is held", () => {
  test("low reads as presence and zeros: what the firmware says on a short", async () => {
    const { house, board } = oneBoard("var ow = new OneWire(4); print(ow.reset(), ow.read(3), ow.search())", {
      ...probe(),
      isOff: true,
    })
    board.part("probe", Ds18b20).faults.stuckLow = true
    house.boot()
    await house.advance("1s")
    expect(board.logs.map(({ text }) => text)).toEqual(["true [ 0, 0, 0 ] []"])
  })

  test("high is a fault of the house, and nobody is there", async () => {
    const { house, board } = oneBoard("var ow = new OneWire(4); print(ow.reset())", { ...probe(), isOff: true })
    const faults = collect(house, "fault")
    board.part("probe", Ds18b20).faults.stuckHigh = true
    house.boot()
    await house.advance("1s")
    expect(board.logs.map(({ text }) => text)).toEqual(["false"])
    expect(faults.map(({ reason }) => reason)).toContain("GPIO4 is driven high and low at once")
  })
})
