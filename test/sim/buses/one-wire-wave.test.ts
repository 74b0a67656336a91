import { describe, expect, test } from "vitest"
import type { Level } from "../../../sim/buses/one-wire-wave"
import { oneWireWave } from "../../../sim/buses/one-wire-wave"
import { Ds18b20 } from "../../../sim/parts/ds18b20"
import { UNLESS_SIGROK, WHY_NO_SIGROK, askSigrok, levelsAsVcd } from "../../readers/sigrok"
import { collect, oneBoard } from "../fixture"

const wave = (slots: string, atUs = 1000) => oneWireWave({ kind: "onewire", pin: "GPIO4", atUs, slots })
const lows = (slots: string) => {
  const levels = wave(slots, 0)
  return levels.flatMap(({ atUs, level }, i) => (level === 0 ? [[atUs, levels[i + 1].atUs - atUs]] : []))
}

describe("level changes", () => {
  test("of a reset with an answer and without: 500 us low, presence 30 us later for 120 us", () => {
    expect(lows("R")).toEqual([
      [0, 500],
      [530, 120],
    ])
    expect(lows("r")).toEqual([[0, 500]])
  })

  test("of slots, by the firmware's times: each begins where the one before ended", () => {
    expect(lows("10lh1")).toEqual([
      [0, 10],
      [65, 65],
      [135, 30],
      [201, 3],
      [267, 10],
    ])
  })

  test("come in order, alternate, and leave the line high", () => {
    const levels = wave("R1100lh")
    expect(levels.map(({ level }) => level)).toEqual(levels.map((_, i) => i % 2))
    expect(levels.every(({ atUs }, i) => i === 0 || atUs > levels[i - 1].atUs)).toBe(true)
  })
})

describe.skipIf(WHY_NO_SIGROK)(`sigrok${UNLESS_SIGROK}`, () => {
  const ask = (levels: Level[], decoders: string, annotations: string) =>
    askSigrok(levelsAsVcd(levels, { level: 1 }, 1000), { decoders, annotations })
  const link = (slots: string, kinds: string) => ask(wave(slots), "onewire_link", `onewire_link=${kinds}`)

  test("reads presence and every bit, and warns of nothing", () => {
    const bits = link("R00110011" + "lhlhhllh", "bit").map((line) => line.at(-1))
    expect(bits.join("")).toBe("0011001101011001")
    expect(link("R0011", "presence")[0]).toMatch(/true/)
    expect(link("r0011", "presence")[0]).toMatch(/false/)
    expect(link("R00110011lhlhhllhR10", "warnings")).toEqual([])
  })

  test("reads a ROM code through its network layer", () => {
    // 0x33, then 28 FF 4A 21 62 17 04 and its CRC, least significant bits first.
    const rom = [0x28, 0xff, 0x4a, 0x21, 0x62, 0x17, 0x04, 0xea]
    const read = rom.flatMap((byte) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ((byte >> i) & 1 ? "h" : "l"))).join("")
    const out = ask(wave(`R11001100${read}`), "onewire_link,onewire_network", "onewire_network")
    expect(out.join("\n")).toMatch(/ROM command: 0x33 'Read ROM'/)
    expect(out.join("\n")).toMatch(/ROM: 0xea041762214aff28/)
  })

  test("reads what a program and three thermometers said to each other: search, match and scratchpads", async () => {
    const names = ["a", "b", "c"]
    const { house, board } = oneBoard(
      `var ow = new OneWire(4), roms = ow.search();
       ow.reset(); ow.skip(); ow.write(0x44);
       setTimeout(function () { roms.forEach(function (rom) { ow.select(rom); ow.write(0xBE); ow.read(9) }) }, 800)`,
      { parts: names.map((name) => ({ name, part: "ds18b20", pins: { data: 4 } })) },
    )
    const sensors = names.map((name) => board.part(name, Ds18b20))
    sensors.forEach((sensor, i) => Object.assign(sensor, { temperatureC: [-40.5, 0.0625, 99][i] }))
    const events = collect(house, "onewire")
    await house.advance("2s")
    const levels = events.filter(({ atUs }) => atUs > 1_100_000 || atUs === 350_000).flatMap(oneWireWave)
    const out = ask(levels, "onewire_link,onewire_network", "onewire_network").join("\n")
    // The decoder prints a ROM code as one number, its first byte last.
    const roms = sensors.map(
      ({ rom }) =>
        `0x${[...rom]
          .reverse()
          .map((byte) => byte.toString(16).padStart(2, "0"))
          .join("")}`,
    )
    for (const rom of roms) expect(out.split(rom).length - 1, `${rom} in ${out}`).toBe(2)
    const registers = sensors.map((sensor) => {
      const rom = roms[sensors.indexOf(sensor)]
      const data = out.slice(out.lastIndexOf(rom) + rom.length).split("Reset")[0]
      const bytes = [...data.matchAll(/Data: (0x..)/g)].map(([, byte]) => Number(byte))
      return ((bytes[1] | (bytes[2] << 8)) << 16) / 2 ** 20
    })
    expect(registers).toEqual([-40.5, 0.0625, 99])
  })
})
