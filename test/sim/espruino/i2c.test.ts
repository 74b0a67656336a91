import { describe, expect, test } from "vitest"
import { Bh1750 } from "../../../sim/parts/bh1750"
import type { PartSpec } from "../../../sim/device"
import { House } from "../../../sim/house"
import { BOARD, collect, logsOf, oneBoard } from "../fixture"

const LIGHT: PartSpec = { name: "light", part: "bh1750", pins: { sda: 21, scl: 22 } }
const SETUP = "I2C1.setup({ sda: 21, scl: 22, bitrate: 100000 });"
/** Prints what a call gives, or its error, and the milliseconds it took. */
const TRIED = `function tried(f) {
  var from = getTime(), said
  try { said = String(f()) } catch (e) { said = e.type + " " + e.message }
  print(said, Math.round((getTime() - from) * 1e6) + " us")
}`
const logs = (program: string, options = {}) => logsOf(`${TRIED} ${program}`, "5s", options)

const NO_ACK = "slave doesn't ACK the transfer"
const BUSY = "Operation timeout because the bus is busy"

describe("the hardware ports", () => {
  test("read and write a part, each for as long as the bits take", async () => {
    const program = `${SETUP}
      tried(function () { return I2C1.writeTo(0x23, 0x10) })
      tried(function () { return I2C1.readFrom(0x23, 2) })`
    expect(await logs(program, { parts: [LIGHT] })).toEqual(["undefined 200 us", "0,0 290 us"])
  })

  test("take numbers, strings, arrays and typed arrays, and send their bytes", async () => {
    const { house } = oneBoard(
      `${SETUP}
      I2C1.writeTo(0x23, 0x10)
      ;["\\x10\\xff", [1, [2, "3"]], new Uint8Array([4, 260]), { data: 7, count: 2 }].forEach(function (data) {
        try { I2C1.writeTo(0x24, data) } catch (e) {}
        try { I2C1.writeTo({ address: 0x23 }, data, 9) } catch (e) {}
      })`,
      { parts: [LIGHT] },
    )
    const events = collect(house, "i2c")
    await house.advance("1s")
    // The part refuses a second byte, so what came of the rest is seen up to there.
    expect(events.map(({ address, bytes }) => [address, ...bytes])).toEqual([
      [0x23, 0x10],
      [0x24],
      [0x23, 0x10, 0xff],
      [0x24],
      [0x23, 1, 2],
      [0x24],
      [0x23, 4, 4],
      [0x24],
      [0x23, 7, 7],
    ])
  })

  test("readReg writes the register without STOP and reads behind a repeated START", async () => {
    const { house, board } = oneBoard(`${SETUP} print("" + I2C1.readReg(0x76, 0xd0, 1))`, {
      parts: [{ name: "air", part: "bme280", pins: { sda: 21, scl: 22 } }],
    })
    const events = collect(house, "i2c")
    await house.advance("1s")
    expect(board.logs[0].text).toBe("96")
    expect(events.map(({ atUs, isRead, isStopped, bytes }) => [atUs, isRead, isStopped, ...bytes])).toEqual([
      [350_000, false, false, 0xd0],
      [350_196, true, true, 0x60],
    ])
  })

  test("throw when nobody acknowledges the address, or the part a byte", async () => {
    const program = `${SETUP}
      tried(function () { return I2C1.writeTo(0x24, 0x10) })
      tried(function () { return I2C1.readFrom(0x24, 2) })
      tried(function () { return I2C1.writeTo(0x23, 0x10, 0x11) })
      tried(function () { return I2C1.readReg(0x24, 1, 2) })`
    expect(await logs(program, { parts: [LIGHT] })).toEqual([
      `Error jshI2CWrite: ${NO_ACK} 110 us`,
      `Error jshI2CRead: ${NO_ACK} 110 us`,
      `Error jshI2CWrite: ${NO_ACK} 290 us`,
      `Error jshI2CWrite: ${NO_ACK} 110 us`,
    ])
  })

  test("send nothing for a write of no bytes and a read of none", async () => {
    const { house, board } = oneBoard(
      `${SETUP} print(I2C1.writeTo(0x24), I2C1.writeTo(0x24, []), I2C1.readFrom(0x24, 0))`,
    )
    const events = collect(house, "i2c")
    await house.advance("1s")
    expect([board.logs[0].text, events]).toEqual(["undefined undefined undefined", []])
  })

  test("throw before setup, for a bit rate under 100 and for pins that cannot pull low", async () => {
    const program = `
      tried(function () { I2C1.writeTo(0x23, 1) })
      tried(function () { I2C1.setup({ sda: 21, scl: 22, bitrate: 99 }) })
      tried(function () { I2C1.setup({ sda: 34, scl: 22 }) })`
    expect(await logs(program)).toEqual([
      "Error jshI2CWrite:, unknown error code 259 0 us",
      "Error Invalid I2C bitrate 0 us",
      "Error jshI2CSetup: Invalid arguments 0 us",
    ])
  })

  test.each([
    ["ESP32", "I2C1", 21, 22],
    ["ESP32", "I2C2", 17, 16],
    ["ESP32-C3", "I2C1", 8, 9],
    ["ESP32-S3", "I2C2", 18, 19],
  ])("of an %s have default pins: %s on %i and %i, at 100 kHz", async (chip, port, sda, scl) => {
    const pins = Object.fromEntries(Object.entries(BOARD.pins).map(([name, pin]) => [name, { number: pin.number }]))
    const house = new House({
      devices: [
        {
          name: "board",
          board: { ...BOARD, chip, pins },
          bundle: `${port}.setup(); print("" + ${port}.readFrom(0x23, 2))`,
          parts: [{ ...LIGHT, pins: { sda, scl } }],
        },
      ],
    })
    const events = collect(house, "i2c")
    house.boot()
    await house.advance("1s")
    expect(house.device("board").logs[0].text).toBe("0,0")
    expect(events[0]).toMatchObject({ sda: `GPIO${sda}`, scl: `GPIO${scl}`, hz: 100_000 })
  })

  test("are one on an ESP32-C3", async () => {
    expect(await logs("print(typeof I2C1, I2C1 instanceof I2C, typeof I2C3)")).toEqual(["object true undefined"])
  })
})

describe("time", () => {
  test("a message becomes an event at the moment it begins on the chip's own time", async () => {
    const { house } = oneBoard(`${SETUP} for (var i = 0; i < 3; i++) I2C1.readFrom(0x23, 2)`, { parts: [LIGHT] })
    const events = collect(house, "i2c")
    await house.advance("1s")
    expect(events.map((event) => event.atUs)).toEqual([350_000, 350_290, 350_580])
  })

  test("parts are asked at the bus's time: a conversion can end while the chip is still busy", async () => {
    const { board, house } = oneBoard(
      `${SETUP} I2C1.writeTo(0x23, 0x10); var value
       for (var i = 0; i < 1000 && !value; i++) value = I2C1.readFrom(0x23, 2)[1]
       print(i > 300, value)`,
      { parts: [LIGHT] },
    )
    Object.assign(board.part("light", Bh1750), { lux: 50, conversion: "typical" })
    await house.advance("1s")
    expect(board.logs[0].text).toBe("true 60")
  })
})

describe("wiring mistakes", () => {
  test("swapped wires: nobody answers", async () => {
    const program = "I2C1.setup({ sda: 22, scl: 21 }); tried(function () { I2C1.readFrom(0x23, 1) })"
    expect(await logs(program, { parts: [LIGHT] })).toEqual([`Error jshI2CRead: ${NO_ACK} 110 us`])
  })

  test.each([21, 22])("a broken wire at GPIO%i: nobody answers", async (pin) => {
    const { house, board } = oneBoard(`${TRIED} ${SETUP} tried(function () { I2C1.readFrom(0x23, 1) })`, {
      parts: [LIGHT],
    })
    board.chip.gpio.find(pin)!.net.disturb({ isOpen: true })
    await house.advance("1s")
    expect(board.logs[0].text).toBe(`Error jshI2CRead: ${NO_ACK} 110 us`)
  })

  test.each(["sda", "scl"])("%s shorted to ground: the firmware gives up after a second", async (line) => {
    const { house, board } = oneBoard(`${TRIED} ${SETUP} tried(function () { I2C1.writeTo(0x23, 1) })`, {
      parts: [LIGHT],
    })
    const events = collect(house, "i2c")
    board.chip.gpio.find(line === "sda" ? 21 : 22)!.net.drive({}, { kind: "strong", level: 0 })
    await house.advance("5s")
    expect(board.logs[0].text).toBe(`Error jshI2CWrite:, ${BUSY} 1000000 us`)
    expect(events[0].fault).toBe(`${line.toUpperCase()} is low`)
  })

  test("stuckLow and stuckHigh of a part do the same to SDA, and are over when they are taken back", async () => {
    const { house, board } = oneBoard(
      `${TRIED} ${SETUP} setInterval(function () { tried(function () { return I2C1.readFrom(0x23, 1) }) }, 2000)`,
      { parts: [LIGHT] },
    )
    const { faults } = board.part("light", Bh1750)
    faults.stuckHigh = true
    await house.advance("4s")
    faults.stuckHigh = false
    faults.stuckLow = true
    await house.advance("2s")
    faults.stuckLow = false
    await house.advance("2s")
    const texts = board.logs.map((log) => log.text)
    expect(texts[0]).toBe(`Error jshI2CRead:, ${BUSY} 1000000 us`)
    expect(texts[1]).toBe(texts[0])
    expect(texts.at(-1)).toBe("0 200 us")
  })

  test("a part without power does not answer", async () => {
    const { house, board } = oneBoard(
      `${TRIED} ${SETUP} setTimeout(function () { tried(function () { I2C1.readFrom(0x23, 1) }) }, 500)`,
      { parts: [LIGHT] },
    )
    await house.advance("500ms")
    board.part("light", Bh1750).powerOff()
    await house.advance("1s")
    expect(board.logs[0].text).toBe(`Error jshI2CRead: ${NO_ACK} 110 us`)
  })
})

describe("a part that holds SDA", () => {
  test("costs one time-out, after which the firmware clocks it free", async () => {
    const { house, board } = oneBoard(
      `${TRIED} ${SETUP} tried(function () { return I2C1.readFrom(0x23, 1) })
       tried(function () { return I2C1.readFrom(0x23, 1) })`,
      { parts: [LIGHT] },
    )
    board.part("light", Bh1750).powerOn()
    board.part("light", Bh1750).faults.holdsSda = true
    house.clock.after(1, () => (board.part("light", Bh1750).faults.holdsSda = true))
    await house.advance("5s")
    expect(board.logs.map((log) => log.text)).toEqual([`Error jshI2CRead:, ${BUSY} 1000000 us`, "0 200 us"])
  })

  test("comes of a chip that is reset while it reads a 0, not of one that reads a 1", async () => {
    // The first data byte begins 4.6 us + 90 us after START: 350,100 us is in its first bit.
    const heldAfter = async (lux: number) => {
      const { house, board } = oneBoard(
        `${SETUP} setTimeout(function () { I2C1.readFrom(0x23, 2) }, 1000)
        I2C1.writeTo(0x23, 0x10)`,
        { parts: [LIGHT] },
      )
      board.part("light", Bh1750).lux = lux
      const events = collect(house, "i2c")
      await house.until(() => events.length === 2, "5s", { us: 100 })
      house.clock.runUntil(events[1].atUs + 100)
      board.reboot()
      return board.part("light", Bh1750).faults.holdsSda
    }
    expect([await heldAfter(10), await heldAfter(54_000)]).toEqual([true, false])
  })
})

describe("clock stretching", () => {
  const air: PartSpec = { name: "air", part: "sht3x", pins: { sda: 21, scl: 22 } }
  const program = `${SETUP} I2C1.writeTo(0x44, 0x2c, 0x06); tried(function () { I2C1.readFrom(0x44, 6) })`

  test("of a conversion is longer than IDF 3 waits on an ESP32: 8 clocks", async () => {
    const { house, board } = oneBoard(`${TRIED} ${program}`, { parts: [air] })
    const events = collect(house, "i2c")
    await house.advance("1s")
    expect(board.logs[0].text).toMatch(`Error jshI2CRead:, ${BUSY} 190 us`)
    expect(events[1]).toMatchObject({ isAcked: false, stretchUs: [80], fault: "SCL is held low for more than 80 us" })
  })

  test("is waited for by the software port, which has the values then", async () => {
    const soft = `var bus = new I2C(); bus.setup({ sda: 21, scl: 22 }); bus.writeTo(0x44, 0x2c, 0x10)
      var from = getTime(), bytes = bus.readFrom(0x44, 6); print(bytes.length, getTime() - from > 0.0025)`
    expect(await logs(soft, { parts: [air] })).toEqual(["6 true"])
  })
})

describe("the software port", () => {
  test("does not look for acknowledges: it reads 255 where nobody is", async () => {
    const program = `var bus = new I2C(); bus.setup({ sda: 21, scl: 22 })
      tried(function () { return bus.writeTo(0x24, 1) })
      tried(function () { return bus.readFrom(0x24, 2) })
      tried(function () { return bus.readFrom(0x23, 2) })`
    expect(await logs(program, { parts: [LIGHT] })).toEqual(["undefined 200 us", "255,255 290 us", "0,0 290 us"])
  })

  test("throws when a line is low", async () => {
    const { house, board } = oneBoard(
      `${TRIED} var bus = new I2C(); bus.setup({ sda: 21, scl: 22 }); tried(function () { bus.writeTo(0x24, 1) })`,
    )
    board.chip.gpio.find(21)!.net.drive({}, { kind: "strong", level: 0 })
    await house.advance("1s")
    expect(board.logs[0].text).toBe("Error I2C Error: Arbitration (start) 50000 us")
  })
})

test("two parts at one address answer with the bits of both", async () => {
  const parts = ["a", "b"].map((name) => ({ ...LIGHT, name }))
  const { house, board } = oneBoard(
    `${SETUP} I2C1.writeTo(0x23, 0x10); setTimeout(function () { print("" + I2C1.readFrom(0x23, 2)) }, 300)`,
    { parts },
  )
  Object.assign(board.parts.a, { lux: 10 }) // 12 counts: 1100
  Object.assign(board.parts.b, { lux: 8.4 }) // 10 counts: 1010
  await house.advance("1s")
  expect(board.logs[0].text).toBe("0,8")
})

test("no pull-up outside is needed: the chip's own are on", async () => {
  const { house, board } = oneBoard(SETUP)
  await house.advance("1s")
  expect([board.pins.GPIO21.state, board.pins.GPIO22.state]).toEqual(["high", "high"])
})
