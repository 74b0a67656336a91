import { expect, test } from "vitest"
import { partFaults } from "../../../sim/faults/part"
import { makePart } from "../../../sim/parts/catalogue"
import { oneBoard } from "../fixture"
import { bench } from "./bench"

test.each(["sht3x", "sht4x", "bme280", "aht20", "bh1750"])(
  "%s has the faults of every part on an I2C bus, by name",
  (type) => {
    expect(Object.keys(partFaults(makePart(type, bench().place)))).toEqual([
      "bad-crc",
      "drift",
      "flip-bit",
      "frozen",
      "holds-sda",
      "missing",
      "stuck-high",
      "stuck-low",
    ])
  },
)

test("a DHT22 has frozen and drift, too", () => {
  const names = Object.keys(partFaults(makePart("dht22", bench().place)))
  expect(names).toContain("frozen")
  expect(names).toContain("drift")
})

test("a fault of a part on a bus is begun and ended by name, and its program sees both", async () => {
  const { house, board } = oneBoard(
    `I2C1.setup({ sda: 21, scl: 22 })
     setInterval(function () { try { print("" + I2C1.readFrom(0x23, 2)) } catch (e) { print("none") } }, 1000)`,
    { parts: [{ name: "light", part: "bh1750", pins: { sda: 21, scl: 22 } }] },
  )
  house.fault("board.light: missing @ 1s for 1s")
  house.fault("board.light: flip-bit 15 @ 3s for 1s")
  await house.advance("5s")
  expect(board.logs.map((log) => log.text)).toEqual(["none", "0,0", "0,1", "0,0"])
})
