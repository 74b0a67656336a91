import { describe, expect, test } from "vitest"
import { oneWireCrc, romOf } from "../../../sim/parts/one-wire-rom"
import { oneWireBench } from "./one-wire-bench"

const hex = (bytes: number[]) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")

describe("CRC", () => {
  test("of Maxim's worked example: ROM 02 1C B8 01 00 00 00 has A2 (application note 27)", () => {
    expect(oneWireCrc([0x02, 0x1c, 0xb8, 0x01, 0, 0, 0])).toBe(0xa2)
    expect(hex(romOf(0x02, 0x1b81c))).toBe("021cb801000000a2")
  })
})

describe("temperature register (datasheet, table 1)", () => {
  test.each([
    [125, "d0 07"],
    [85, "50 05"],
    [25.0625, "91 01"],
    [10.125, "a2 00"],
    [0.5, "08 00"],
    [0, "00 00"],
    [-0.5, "f8 ff"],
    [-10.125, "5e ff"],
    [-25.0625, "6f fe"],
    [-55, "90 fc"],
    [130, "d0 07"], // clamped to the range
    [-70, "90 fc"],
  ])("%f °C", (temperatureC, register) => {
    const { sensor, master } = oneWireBench()
    sensor.temperatureC = temperatureC
    master.convert()
    expect(master.scratchpad().slice(0, 5)).toBe(register)
  })
})

describe("scratchpad (datasheet, figure 7)", () => {
  test("after power-on: 85 °C, TH, TL, 12 bits, reserved bytes and CRC", () => {
    expect(oneWireBench().master.scratchpad()).toBe("50 05 4b 46 7f ff 0c 10 1c")
  })

  test("reads ones behind its ninth byte", () => {
    const { master } = oneWireBench()
    master.command(0xbe)
    expect(master.read(11).slice(24)).toBe("1c ff ff")
  })

  test("takes TH, TL and the resolution's two bits; the other bits of the configuration stay", () => {
    const { master } = oneWireBench()
    master.command(0x4e, 0x20, 0xf6, 0x00)
    expect(master.scratchpad().slice(6, 14)).toBe("20 f6 1f")
    master.command(0x4e, 0x20, 0xf6, 0xff)
    expect(master.scratchpad().slice(12, 14)).toBe("7f")
  })

  test("is lost with the power unless it was copied; recall brings the copy back", () => {
    const { sensor, master, clock } = oneWireBench()
    master.command(0x4e, 0x10, 0x05, 0x3f)
    sensor.powerOff()
    sensor.powerOn()
    expect(master.scratchpad().slice(6, 14)).toBe("4b 46 7f")
    master.command(0x4e, 0x10, 0x05, 0x3f)
    master.command(0x48)
    clock.advance(10_000)
    master.command(0x4e, 1, 2, 0x1f)
    master.command(0xb8)
    expect(master.scratchpad().slice(6, 14)).toBe("10 05 3f")
    sensor.powerOff()
    sensor.powerOn()
    expect(master.scratchpad().slice(6, 14)).toBe("10 05 3f")
  })
})

describe("conversion", () => {
  test.each([
    [9, 0x1f, 93_750, "90 01"], // 25.0 of 25.06 °C
    [10, 0x3f, 187_500, "90 01"],
    [11, 0x5f, 375_000, "90 01"],
    [12, 0x7f, 750_000, "91 01"],
  ])("at %i bits takes its time, and one step is its last bit", (_, configuration, lengthUs, register) => {
    const { sensor, master, clock } = oneWireBench()
    sensor.temperatureC = 25.06
    master.command(0x4e, 0x4b, 0x46, configuration)
    master.command(0x44)
    // The last bit of 0x44 is a 0: its slot of 70 us ends 10 us behind the conversion's start.
    clock.advance(lengthUs - 11)
    expect(master.readBit()).toBe(0)
    expect(master.readBit()).toBe(1)
    expect(master.scratchpad().slice(0, 5)).toBe(register)
  })

  test("that has not ended shows the value before", () => {
    const { sensor, master } = oneWireBench()
    sensor.temperatureC = 20
    master.convert()
    sensor.temperatureC = 30
    master.command(0x44)
    expect(master.scratchpad().slice(0, 5)).toBe("40 01")
  })

  test("of the room's air until it is set by hand, late by its lag", () => {
    const { sensor, master, clock } = oneWireBench()
    master.convert()
    expect(master.scratchpad().slice(0, 5)).toBe("56 01") // 21.4 °C
    sensor.air.lagS = 10
    sensor.temperatureC = 31.4
    clock.advance(10_000_000)
    master.convert()
    const felt = parseInt(master.scratchpad().slice(3, 5) + master.scratchpad().slice(0, 2), 16) / 16
    expect(felt).toBeCloseTo(31.4 - 10 * Math.exp(-1), 0)
  })
})

describe("ROM commands", () => {
  test("Read ROM gives the code of a part that is alone", () => {
    const { sensor, master } = oneWireBench({ serial: 0x1a2b3c4d5e })
    master.reset()
    master.write(0x33)
    expect(master.read(8).replaceAll(" ", "")).toBe(sensor.romText)
    expect(sensor.romText).toMatch(/^285e4d3c2b1a00/)
  })

  test("Match ROM speaks to one of several, and the others are silent until the next reset", () => {
    const { sensors, master } = oneWireBench({}, {}, {})
    sensors[1].temperatureC = 50
    master.convert()
    master.reset()
    master.write(0x55, ...sensors[1].rom, 0xbe)
    expect(master.read(9).slice(0, 5)).toBe("20 03")
  })

  test("Match ROM with a code that nobody has reads ones", () => {
    const { master } = oneWireBench({}, {})
    master.reset()
    master.write(0x55, 0x28, 1, 2, 3, 4, 5, 6, 7, 0xbe)
    expect(master.read(2)).toBe("ff ff")
  })

  test("Skip ROM and a read with several at once is the AND of their bits", () => {
    const { sensors, master } = oneWireBench({}, {})
    sensors[0].temperatureC = 0.5 // 0008
    sensors[1].temperatureC = 0.75 // 000c
    master.convert()
    expect(master.scratchpad().slice(0, 5)).toBe("08 00")
  })

  test("search finds every part once, in the order of the tree, whatever their number", () => {
    const { sensors, master } = oneWireBench(...Array.from({ length: 12 }, () => ({})))
    const bits = (rom: string) =>
      rom
        .match(/../g)!
        .flatMap((byte) => [...parseInt(byte, 16).toString(2).padStart(8, "0")].reverse())
        .join("")
    const expected = sensors.map(({ romText }) => romText).sort((a, b) => (bits(a) < bits(b) ? -1 : 1))
    expect(master.search()).toEqual(expected)
    expect(new Set(expected).size).toBe(12)
  })

  test("search with nobody there finds nobody", () => {
    const { sensor, master } = oneWireBench()
    sensor.faults.missing = true
    expect(master.search()).toEqual([])
    expect(master.reset()).toBe(false)
  })

  test("alarm search finds those at or beyond TH or TL in whole degrees since their last conversion", () => {
    const { sensors, master } = oneWireBench({}, {}, {})
    master.command(0x4e, 30, 0xfb, 0x7f) // 30 and -5 °C
    sensors[0].temperatureC = 30
    sensors[1].temperatureC = 29.9
    sensors[2].temperatureC = -4.5 // whole: -5
    expect(master.search(0xec)).toEqual([])
    master.convert()
    expect(master.search(0xec).sort()).toEqual([sensors[0].romText, sensors[2].romText].sort())
  })

  test("a serial number by the seed is the same in every run", () => {
    const rom = () => oneWireBench().sensor.romText
    expect(rom()).toBe(rom())
    expect(rom().slice(0, 2)).toBe("28")
  })
})

describe("parasite power", () => {
  test("Read Power Supply is 0 with a parasite on the line and 1 without", () => {
    for (const parasite of [true, false]) {
      const { master } = oneWireBench({ parasite })
      master.command(0xb4)
      expect(master.readBit()).toBe(parasite ? 0 : 1)
    }
  })

  test("converts with a strong pull-up right behind the command", () => {
    const { sensor, master, clock } = oneWireBench({ parasite: true })
    sensor.temperatureC = 20
    master.reset()
    master.write(0xcc)
    master.writePowered(0x44)
    clock.advance(750_000)
    expect(master.scratchpad().slice(0, 5)).toBe("40 01")
  })

  test("without one it browns out and says 85 °C", () => {
    const { sensor, master, told } = oneWireBench({ parasite: true })
    sensor.temperatureC = 20
    master.convert()
    expect(master.scratchpad().slice(0, 5)).toBe("50 05")
    expect(told).toContain("browns out: no strong pull-up while it works")
  })

  test("a pull-up that ends too soon is none", () => {
    const { sensor, master, clock } = oneWireBench({ parasite: true })
    sensor.temperatureC = 20
    master.reset()
    master.write(0xcc)
    master.writePowered(0x44)
    clock.advance(700_000)
    expect(master.scratchpad().slice(0, 5)).toBe("50 05")
  })

  test("a copy without one is not in the EEPROM", () => {
    const { master, clock } = oneWireBench({ parasite: true })
    master.command(0x4e, 1, 2, 0x1f)
    master.command(0x48)
    clock.advance(20_000)
    expect(master.scratchpad().slice(6, 14)).toBe("4b 46 7f")
  })
})

describe("wiring", () => {
  test("without a pull-up of their own one part works on the chip's, and two do not", () => {
    const one = oneWireBench({ pullUp: false })
    expect(one.master.search()).toEqual([one.sensor.romText])
    const two = oneWireBench({ pullUp: false }, { pullUp: false })
    expect(two.master.reset()).toBe(true)
    expect(two.master.search()).toEqual([])
    expect(two.master.read(2)).toBe("00 00")
  })

  test("one module's pull-up serves all", () => {
    const { master } = oneWireBench({ pullUp: true }, { pullUp: false }, { pullUp: false })
    expect(master.search()).toHaveLength(3)
  })
})

describe("faults", () => {
  test("stuckLow looks like presence and reads zeros, whose CRC is right", () => {
    const { sensor, master } = oneWireBench()
    sensor.faults.stuckLow = true
    expect(master.reset()).toBe(true)
    expect(master.scratchpad()).toBe("00 00 00 00 00 00 00 00 00")
    expect(master.search()).toEqual([])
    sensor.faults.stuckLow = false
    expect(master.scratchpad()).toBe("50 05 4b 46 7f ff 0c 10 1c")
  })

  test("stuckHigh has no presence and reads ones", () => {
    const { sensor, master } = oneWireBench()
    sensor.faults.stuckHigh = true
    expect(master.reset()).toBe(false)
    expect(master.scratchpad()).toBe("ff ff ff ff ff ff ff ff ff")
  })

  test("badCrc and flipBit spoil the answer alone", () => {
    const { sensor, master } = oneWireBench()
    sensor.faults.badCrc = true
    expect(master.scratchpad()).toBe("50 05 4b 46 7f ff 0c 10 49")
    sensor.faults.badCrc = false
    sensor.faults.flipBit = 9
    expect(master.scratchpad()).toBe("50 07 4b 46 7f ff 0c 10 1c")
    sensor.faults.flipBit = undefined
    expect(master.scratchpad()).toBe("50 05 4b 46 7f ff 0c 10 1c")
  })

  test("frozen keeps what it felt, drift adds to it", () => {
    const { sensor, master, clock } = oneWireBench()
    sensor.temperatureC = 20
    sensor.faults.frozen = true
    sensor.temperatureC = 40
    master.convert()
    expect(master.scratchpad().slice(0, 5)).toBe("40 01")
    sensor.faults.frozen = false
    sensor.faults.drift = 2
    clock.advance(1_800_000_000)
    master.convert()
    expect(master.scratchpad().slice(0, 5)).toBe("90 02") // 41 °C
  })
})
