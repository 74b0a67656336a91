import { beforeEach, describe, expect, test } from "vitest"
import { Sht3x } from "../../../sim/parts/sht3x"
import { i2cBench, makeIdeal } from "./i2c-bench"

const AT = 0x44
let table: ReturnType<typeof i2cBench<Sht3x>>
let sensor: Sht3x

function place(options = {}, seed = 1) {
  table = i2cBench((at) => new Sht3x(at), options, seed)
  sensor = table.part
  makeIdeal(sensor.air)
  sensor.conversion = "slowest"
  Object.assign(sensor, { temperatureC: 25, humidityPct: 50 })
  sensor.powerOn()
  table.clock.advance(2_000)
}
beforeEach(() => place())

/** 25 °C is (25 + 45) / 175 * 65535 = 26214 = 6666, 50 %RH is 32768 = 8000 (§4.13). */
const VALUES = "66 66 93 80 00 A2"

/** Sends a command and waits for 1 ms, as §4 asks for. */
function order(hex: string): number {
  const completeUs = table.write(AT, hex)
  table.clock.advance(1_500)
  expect(completeUs).toBeDefined()
  return completeUs!
}

describe("single shot, §4.3 and §4.4", () => {
  test.each([
    ["24 00", 15_000],
    ["24 0B", 6_000],
    ["24 16", 4_000],
  ])("%s is refused a read until its maximum of table 4 has passed", (command, maxUs) => {
    const sentUs = order(command)
    expect(table.readAt(AT, 6, sentUs + maxUs - 1)).toBe("nack")
    place()
    expect(table.readAt(AT, 6, order(command) + maxUs)).toBe(VALUES)
  })

  test("takes 12.5 ms typically at high repeatability", () => {
    sensor.conversion = "typical"
    const sentUs = order("24 00")
    expect(table.readAt(AT, 6, sentUs + 12_499)).toBe("nack")
    expect(table.readAt(AT, 6, sentUs + 12_500 + 200)).toBe(VALUES)
  })

  test("takes between typical and maximum, by the seed", () => {
    sensor.conversion = "jitter"
    const sentUs = order("24 00")
    expect(table.readAt(AT, 6, sentUs + 12_499)).toBe("nack")
    expect(table.readAt(AT, 6, sentUs + 15_000)).toBe(VALUES)
  })

  test.each(["2C 06", "2C 0D", "2C 10"])("%s holds SCL low until the values are there", (command) => {
    table.write(AT, command)
    table.clock.advance(1_500)
    const { bytes, stretchUs } = table.send(AT, 6)
    expect(bytes).toEqual([0x66, 0x66, 0x93, 0x80, 0x00, 0xa2])
    expect(stretchUs![0]).toBeGreaterThan(1_000)
    expect(stretchUs!.slice(1)).toEqual([0, 0, 0, 0, 0, 0])
  })

  test("values can be read once", () => {
    table.readAt(AT, 6, order("24 00") + 15_000)
    expect(table.read(AT, 6)).toBe("nack")
  })

  test("temperature alone can be read", () => {
    expect(table.readAt(AT, 3, order("24 16") + 4_000)).toBe("66 66 93")
  })

  test("while it measures no command is taken, and within 1 ms of one neither", () => {
    expect(table.write(AT, "24 00")).toBeDefined()
    table.clock.advance(5_000)
    expect(table.write(AT, "F3 2D")).toBeUndefined()
    table.clock.advance(20_000)
    expect(table.write(AT, "30 66")).toBeDefined()
    table.clock.advance(800)
    expect(table.write(AT, "F3 2D")).toBeUndefined()
    table.clock.advance(800)
    expect(table.write(AT, "F3 2D")).toBeDefined()
  })

  test.each([
    [-45, 0, "00 00 81 00 00 81"],
    [130, 100, "FF FF AC FF FF AC"],
    [-60, 120, "00 00 81 FF FF AC"],
  ])("%f °C and %f %%RH are limited to what two words hold", (temperatureC, humidityPct, hex) => {
    Object.assign(sensor, { temperatureC, humidityPct })
    expect(table.readAt(AT, 6, order("24 00") + 15_000)).toBe(hex)
  })
})

describe("periodic, §4.5 to §4.8", () => {
  test.each([
    ["20 32", 2_000_000],
    ["21 30", 1_000_000],
    ["22 36", 500_000],
    ["23 34", 250_000],
    ["27 37", 100_000],
    ["2B 32", 250_000],
  ])("%s has new values every period, each to be fetched once", (command, periodUs) => {
    const sentUs = order(command)
    const fetchAt = (atUs: number) => {
      table.clock.runUntil(atUs)
      table.write(AT, "E0 00")
      table.clock.advance(300)
      return table.read(AT, 6)
    }
    expect(fetchAt(sentUs + 5_000)).toBe("nack")
    expect(fetchAt(sentUs + 15_000)).toBe(VALUES)
    expect(fetchAt(sentUs + 18_000)).toBe("nack")
    expect(fetchAt(sentUs + periodUs + 10_000)).toBe("nack")
    sensor.temperatureC = -45
    expect(fetchAt(sentUs + periodUs + 15_000)).toBe("00 00 81 80 00 A2")
  })

  test("break ends it: a fetch finds nothing, a single shot is taken again", () => {
    order("27 37")
    table.clock.advance(50_000)
    order("24 00") // not processed: periodic
    order("30 93")
    order("E0 00")
    expect(table.read(AT, 6)).toBe("nack")
    expect(table.readAt(AT, 6, order("24 00") + 15_000)).toBe(VALUES)
  })
})

describe("status, heater, reset: §4.9 to §4.11", () => {
  const status = () => {
    order("F3 2D")
    return table.read(AT, 3)
  }

  test("after power-on alert and reset are set; clearing clears them", () => {
    expect(status()).toBe("80 10 E1")
    order("30 41")
    expect(status()).toBe("00 00 81")
  })

  test("the heater has a bit, warms the part by some degrees and dries it", () => {
    sensor.air.heating.tauS = 4
    order("30 41")
    order("30 6D")
    expect(status()).toBe("20 00 5D")
    table.clock.advance(60_000_000)
    const [hot, , , damp] = table.readAt(AT, 6, order("24 00") + 15_000).split(" ")
    expect(parseInt(hot, 16)).toBe(0x6a) // 28 °C: 6AC9
    expect(parseInt(damp, 16)).toBeLessThan(0x6d)
    order("30 66")
    table.clock.advance(60_000_000)
    expect(status()).toBe("00 00 81")
    expect(table.readAt(AT, 2, order("24 00") + 15_000)).toMatch(/^66 6[67]$/) // the measurements warm it, too
  })

  test("an unknown command, and a measurement while periodic ones run, are told in the status until one is processed", () => {
    order("30 41")
    order("12 34")
    expect(status()).toBe("00 02 E3")
    order("27 37")
    expect(status()).toBe("00 00 81")
    order("24 00")
    expect(status()).toBe("00 02 E3")
    order("30 93")
    expect(status()).toBe("00 00 81")
  })

  test("a soft reset takes up to 1.5 ms, ends what runs and sets the reset bit", () => {
    order("30 41")
    order("27 37")
    const resetUs = table.write(AT, "30 A2")!
    expect(table.readAt(AT, 3, resetUs + 1_499)).toBe("nack")
    table.clock.runUntil(resetUs + 1_500)
    expect(status()).toBe("80 10 E1")
    order("E0 00")
    expect(table.read(AT, 6)).toBe("nack")
  })

  test("answers 1 ms after power-on, not before, and not without power", () => {
    sensor.powerOff()
    expect(table.write(AT, "F3 2D")).toBeUndefined()
    sensor.powerOn()
    const onUs = table.clock.nowUs
    table.clock.runUntil(onUs + 999 - 85)
    expect(table.write(AT, "F3 2D")).toBeUndefined()
    table.clock.runUntil(onUs + 1_000)
    expect(table.write(AT, "F3 2D")).toBeDefined()
  })

  test("a brown-out loses periodic mode and heater", () => {
    order("27 37")
    order("30 6D")
    sensor.powerOff()
    sensor.powerOn()
    table.clock.advance(100_000)
    expect(status()).toBe("80 10 E1")
  })
})

describe("alert mode, application note of it", () => {
  const status = () => {
    order("F3 2D")
    return table.read(AT, 3)
  }

  test.each([
    ["E1 1F", "CD 33 FD"], // 80 %RH, 60 °C
    ["E1 14", "CB 2D FB"],
    ["E1 09", "38 69 37"],
    ["E1 02", "32 66 F7"],
  ])("%s reads a limit as it is after a reset", (command, hex) => {
    order(command)
    expect(table.read(AT, 3)).toBe(hex)
  })

  test("beyond a limit both alert bits come, within the limits the tracking bit goes and the pending one waits to be cleared", () => {
    order("30 41")
    order("27 37")
    table.clock.advance(50_000)
    expect(status()).toBe("00 00 81")
    sensor.temperatureC = 70
    table.clock.advance(100_000)
    expect(status()).toBe("84 00 21")
    sensor.temperatureC = 59 // between 58 and 60 °C: not yet
    table.clock.advance(100_000)
    expect(status()).toBe("84 00 21")
    Object.assign(sensor, { temperatureC: 20, humidityPct: 10 })
    table.clock.advance(100_000)
    expect(status()).toBe("88 00 95")
    sensor.humidityPct = 50
    table.clock.advance(100_000)
    expect(status()).toBe("80 00 A2")
    order("30 41")
    expect(status()).toBe("00 00 81")
  })

  test("a limit is written with its CRC, and kept until a reset", () => {
    order("61 1D 66 8B 1E") // 51 of 128: 40 %RH; 139 of 512: 2.5 °C
    order("E1 1F")
    const written = table.read(AT, 2)
    order("61 1D 12 34 00")
    expect(status()).toBe("80 11 D0")
    order("E1 1F")
    expect([written, table.read(AT, 2)]).toEqual(["66 8B", "66 8B"])
    order("30 A2")
    table.clock.advance(1_500)
    order("E1 1F")
    expect(table.read(AT, 2)).toBe("CD 33")
  })

  test("single shots raise none", () => {
    order("30 41")
    sensor.temperatureC = 70
    table.readAt(AT, 6, order("24 00") + 15_000)
    expect(status()).toBe("00 00 81")
  })
})

describe("faults", () => {
  const measured = () => table.readAt(AT, 6, order("24 00") + 15_000)

  test("missing: nobody answers", () => {
    sensor.faults.missing = true
    expect(table.write(AT, "24 00")).toBeUndefined()
  })

  test("badCrc spoils the check bytes, flipBit a bit of what is read", () => {
    sensor.faults.badCrc = true
    expect(measured()).toBe("66 66 C6 80 00 F7")
    sensor.faults.badCrc = false
    sensor.faults.flipBit = 17
    expect(measured()).toBe("66 66 D3 80 00 A2")
    sensor.faults.flipBit = undefined
    expect(measured()).toBe(VALUES)
  })

  test("frozen goes on giving what was found last", () => {
    sensor.faults.frozen = true
    sensor.temperatureC = 60
    expect(measured()).toBe(VALUES)
    sensor.faults.frozen = false
    expect(measured()).not.toBe(VALUES)
  })

  test("drift adds degrees by the hour, and goes when it is taken back", () => {
    sensor.faults.drift = 3.5 / 2
    table.clock.advance(7_200_000_000)
    expect(measured().slice(0, 5)).toBe("6B 85") // 28.5 °C
    sensor.faults.drift = 0
    expect(measured()).toBe(VALUES)
  })

  test("stuckLow and stuckHigh short SDA, holdsSda ends with the power", () => {
    sensor.faults.stuckLow = true
    expect(table.net("sda").state).toBe("low")
    Object.assign(sensor.faults, { stuckLow: false, stuckHigh: true })
    expect(table.net("sda").isForcedHigh).toBe(true)
    sensor.faults.stuckHigh = false
    sensor.faults.holdsSda = true
    expect([table.net("sda").state, sensor.faults.holdsSda]).toEqual(["low", true])
    sensor.powerOff()
    expect([table.net("sda").state, sensor.faults.holdsSda]).toEqual(["float", false])
  })
})

test("its address is a matter of wiring: 0x44 or 0x45, as a number or as text", () => {
  place({ address: "0x45" })
  expect([table.write(0x44, "24 00"), table.write(0x45, "24 00") !== undefined]).toEqual([undefined, true])
  expect(() => place({ address: 0x46 })).toThrow('part "part" has address 70: its pins allow 0x44 or 0x45')
})

test("without anything ideal: late, noisy within its repeatability, the same for the same seed", () => {
  const run = (seed: number) => {
    table = i2cBench((at) => new Sht3x(at), {}, seed)
    table.part.temperatureC = 25
    table.part.powerOn()
    table.clock.advance(10_000)
    const words = Array.from({ length: 20 }, () => {
      order("24 00")
      table.clock.advance(1_000_000)
      return parseInt(table.read(AT, 2).replace(" ", ""), 16)
    })
    return words
  }
  const words = run(1)
  expect(new Set(words).size).toBeGreaterThan(3)
  // 0.04 °C of three standard deviations are 15 steps; self-heating of a measurement a second is under 0.01 °C, 4 steps.
  for (const word of words) expect(Math.abs(word - 0x6666)).toBeLessThan(25)
  expect(run(1)).toEqual(words)
  expect(run(2)).not.toEqual(words)
})
