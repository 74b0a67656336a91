import { describe, expect, test } from "vitest"
import { OneWireLine } from "../../../sim/buses/one-wire-line"
import { SpoiltOneWireLine } from "../../../sim/buses/one-wire-spoilt"
import { BusWire } from "../../../sim/pins/bus-wire"
import { bootHouse } from "../../../tools/house"
import { collect, oneBoard } from "../fixture"
import { oneWireBench } from "../parts/one-wire-bench"

const THERMOMETER = `var w = new OneWire(D4), rom = w.search()[0]; print(rom);
  setInterval(() => { w.select(rom); w.write(0xBE); print(E.toString ? [].slice.call(w.read(9)).join() : "") }, 100)`
const onWire = (fault?: string, seed = 1) => {
  const made = oneBoard(THERMOMETER, {
    seed,
    parts: [{ name: "t", part: "ds18b20", pins: { data: 4 }, options: { serial: 5 } }],
  })
  if (fault) made.house.fault(fault)
  return made
}

const HYGROMETER = `I2C1.setup({ sda: D21, scl: D22 });
  setInterval(() => { try { I2C1.writeTo(0x44, 0xF3, 0x2D); print([].slice.call(I2C1.readFrom(0x44, 3)).join()) } catch (e) { print(e.message) } }, 100)`
const onI2c = (fault?: string, seed = 1) => {
  const made = oneBoard(HYGROMETER, { seed, parts: [{ name: "s", part: "sht3x", pins: { sda: 21, scl: 22 } }] })
  if (fault) made.house.fault(fault)
  return made
}

async function lines(made: ReturnType<typeof oneBoard>): Promise<string[]> {
  await made.house.advance("60s")
  return made.board.logs.map(({ text }) => text)
}

describe.each([
  ["1-Wire", onWire, "board.GPIO4"],
  ["I2C, SDA", onI2c, "board.GPIO21"],
  ["I2C, SCL", onI2c, "board.GPIO22"],
] as const)("%s", (_name, make, wire) => {
  test("bit by bit gives what a whole bus gives, when edges come in time", async () => {
    const whole = await lines(make())
    expect(whole.length).toBeGreaterThan(100)
    expect(await lines(make(`${wire}: slow-edge 1us`))).toEqual(whole)
    expect(await lines(make(`${wire}: loose-contact 0`))).toEqual(whole)
  })

  test("a loose contact spoils some, and the same seed spoils the same", async () => {
    const whole = await lines(make())
    const seen = await lines(make(`${wire}: loose-contact 0.3 @ 1s`))
    const wrong = seen.filter((line) => !whole.includes(line))
    expect(wrong.length).toBeGreaterThan(0)
    expect(wrong.length).toBeLessThan(seen.length)
    const traces = [1, 1, 2].map((seed) => make(`${wire}: loose-contact 0.3 @ 1s`, seed).house)
    for (const house of traces) await house.advance("20s")
    expect(traces[0].trace).toEqual(traces[1].trace)
    expect(traces[0].trace).not.toEqual(traces[2].trace)
  })
})

test.each([
  [9, "0"],
  [11, "1"],
])("a rise %i us late on 1-Wire: the master looks 10 us after it let go", async (delayUs, isZero) => {
  const { board, house } = onWire()
  await house.advance("1s")
  house.fault(`board.GPIO4: slow-edge ${delayUs}us`)
  await house.advance("1s")
  expect(board.logs.at(-1)!.text === "0,0,0,0,0,0,0,0,0").toBe(isZero === "1")
})

test("SDA that rises later than half a bit after its clock fell turns ones into zeros", async () => {
  const whole = (await lines(onI2c())).at(-1)
  expect((await lines(onI2c("board.GPIO21: slow-edge 3us"))).at(-1)).toBe(whole)
  expect((await lines(onI2c("board.GPIO21: slow-edge 8us"))).at(-1)).toMatch(/ACK|timeout/)
})

test("a slow SCL makes each bit longer, until the master gives up", async () => {
  const durationOf = async (fault?: string) => {
    const { house } = onI2c(fault)
    const messages = collect(house, "i2c")
    await house.advance("1s")
    return messages
  }
  expect((await durationOf("board.GPIO22: slow-edge 20us")).at(-1)!.fault).toBeUndefined()
  expect((await durationOf("board.GPIO22: slow-edge 200us")).at(-1)!.fault).toMatch(/SCL is held low/)
})

test("a glitch while the chip is ahead of the clock flips the slot it falls into", () => {
  const { table, line } = (() => {
    const table = oneWireBench({})
    const { clock, place } = table
    const net = table.net("data")
    net.foresee({ fromUs: clock.nowUs + 1000 + 70 + 8, untilUs: clock.nowUs + 1000 + 70 + 20 })
    const targets = place.buses.oneWire.targetsOn(net)
    return { table, line: new SpoiltOneWireLine(targets, new BusWire(net, 1, clock.nowUs), true, clock.nowUs) }
  })()
  expect(line).toBeInstanceOf(OneWireLine)
  expect(line.reset()).toBe(true)
  line.writeBit(0)
  expect(line.readBit()).toBe(0)
  expect(table.sensors).toHaveLength(1)
})

test("a planned glitch of 10 us breaks one message of many and no other", async () => {
  const at = async (fault?: string) => {
    const { house, board } = onI2c(fault)
    await house.advance("3s")
    return board.logs.map(({ text }) => text)
  }
  const whole = await at()
  const { house } = onI2c()
  const messages = collect(house, "i2c")
  await house.advance("3s")
  const second = messages[10].atUs + 30
  const hit = await at(`board.GPIO21: glitch 10us @ ${second}us`)
  const other = hit.filter((line, i) => line !== whole[i])
  expect(other.length).toBe(1)
})

test("a strip whose highs never rise shows nothing", async () => {
  const make = (fault?: string) => {
    const made = oneBoard(`setInterval(() => require("neopixel").write(D16, [1,2,3,4,5,6]), 100)`, {
      parts: [{ name: "led-strip", part: "led-strip", pins: { data: 16 }, options: { leds: 2 } }],
    })
    if (fault) made.house.fault(fault)
    return made
  }
  const shown = async (fault?: string) => {
    const { house, board } = make(fault)
    const told = collect(house, "part")
    await house.advance("5s")
    const { frames, pixels } = board.parts["led-strip"]
    return { frames, pixels, told: told.map(({ what, values }) => [what, values]) }
  }
  const whole = await shown()
  expect(whole.frames).toBeGreaterThan(10)
  expect(await shown("board.GPIO16: loose-contact 0")).toEqual(whole)
  expect((await shown("board.GPIO16: slow-edge 1us")).frames).toBe(0)
  expect(await shown("board.GPIO16: loose-contact 5")).not.toEqual(whole)
})

test("bytes on a loose serial wire arrive damaged", async () => {
  const program = `Serial2.setup(9600, { tx: D4, rx: D5 }); Serial2.on("data", d => print(d));
    setInterval(() => Serial2.write("hello"), 100)`
  const heard = async (fault?: string) => {
    const { house, board } = oneBoard(program, {
      parts: [{ name: "peer", part: "serial-peer", pins: { rx: 4, tx: 5 } }],
    })
    if (fault) house.fault(fault)
    await house.advance("20s")
    return (board.parts.peer as { received: string }).received
  }
  const whole = await heard()
  expect(whole).toMatch(/^(hello){100,}$/)
  expect(await heard("board.GPIO4: loose-contact 0")).toBe(whole)
  expect(await heard("board.GPIO4: loose-contact 5")).not.toMatch(/^(hello)*$/)
})

test("thermometers behind a loose contact tell errors, and no value that no part held", async () => {
  const house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["cellar-thermometers"] })
  const { parts } = house.device("cellar-thermometers")
  for (const name of ["floor", "shelf", "pipe"]) Object.assign(parts[name].air, { lagS: 0, noise: 0, value: 21.4 })
  house.fault("cellar-thermometers.GPIO4: loose-contact 1 @ 30s")
  await house.advance("10min")
  const { messages } = house.broker
  const errors = messages.filter(({ topic }) => topic.endsWith("/error")).map(({ payload }) => payload)
  expect(errors.length).toBeGreaterThan(0)
  const values = messages.filter(({ topic }) => /^cellar\/[0-9a-f]{16}$/.test(topic)).map(({ payload }) => payload)
  expect(values.length).toBeGreaterThan(10)
  expect(new Set(values)).toEqual(new Set(["21.4"]))
})

/** Single shot, high repeatability without stretching, and the reading 20 ms later. */
const MEASURE = `I2C1.setup({ sda: D21, scl: D22 }); function read() {
    try { print([].slice.call(I2C1.readFrom(0x44, 6)).join()) } catch (e) { print(e.message) } }
  setInterval(() => { try { I2C1.writeTo(0x44, 0x24, 0); setTimeout(read, 20) } catch (e) { print(e.message) } }, 100)`

test("an SHT3x behind a loose SDA gives no wrong value with a right checksum", async () => {
  const made = oneBoard(MEASURE, { parts: [{ name: "sht3x", part: "sht3x", pins: { sda: 21, scl: 22 } }] })
  Object.assign(made.board.parts.sht3x.air.temperature, { lagS: 0, value: 25 })
  made.house.fault("board.GPIO21: loose-contact 1")
  const crc = (bytes: number[]) =>
    bytes.reduce((sum, byte) => {
      let next = sum ^ byte
      for (let i = 0; i < 8; i++) next = next & 0x80 ? ((next << 1) ^ 0x31) & 255 : (next << 1) & 255
      return next
    }, 0xff)
  const seen = (await lines(made)).map((line) => line.split(",").map(Number))
  const read = seen.filter((bytes) => bytes.length === 6 && !bytes.some(Number.isNaN))
  expect(seen.length).toBeGreaterThan(read.length)
  // In degrees Celsius (datasheet, "Conversion of Signal Output").
  const accepted = read.filter(([high, low, sum]) => crc([high, low]) === sum)
  const temperatureOf = ([high, low]: number[]) => ((high * 256 + low) * 175) / 65_535 - 45
  const wrong = accepted.filter((bytes) => Math.abs(temperatureOf(bytes) - 25) > 1)
  // A checksum of 8 bits lets one spoilt word of 256 pass.
  expect(accepted.length).toBeGreaterThan(100)
  expect(wrong.length).toBeLessThanOrEqual(Math.ceil(seen.length / 256))
})
