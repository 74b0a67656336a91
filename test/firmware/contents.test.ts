import { describe, expect, it } from "vitest"
import { chipsOfBoards } from "../../tools/firmware/chips"
import { installsIn } from "../../tools/firmware/contents"
import { app, bootloader, ENTRIES, image, merged, noise, release, table, type Entry } from "./images"

const CHIPS = chipsOfBoards()
const found = (files: { path: string; bytes: Buffer }[]) =>
  installsIn(files, CHIPS, "x.zip").map(({ chip, whole, from }) => `${chip.name} ${whole ? "whole" : "alone"} ${from}`)

function message(run: () => unknown): string {
  try {
    return `no failure, but ${JSON.stringify(run())}`
  } catch (error) {
    return (error as Error).message
  }
}

const bin = (bytes: Buffer) => [{ path: "x.bin", bytes }]

describe("what a file holds", () => {
  it("a release of all chips: whole ones first, among other boards' files", () => {
    const others = [
      { path: "espruino_2v29_puckjs.zip.bin", bytes: noise(3000, 1) },
      { path: "espruino_2v29_esp8266/boot.bin", bytes: Buffer.from([0xe9, 1, 0, 0, ...noise(60, 2)]) },
    ]
    const apps = CHIPS.map(({ name }) => ({ path: `espruino_2v29_${name}.bin`, bytes: app(name) }))
    const folders = CHIPS.flatMap(({ name }) => release(name))
    expect(found([...others, ...apps, ...folders])).toEqual([
      "ESP32 whole espruino_2v29_esp32",
      "ESP32-C3 whole espruino_2v29_esp32c3",
      "ESP32-S3 whole espruino_2v29_esp32s3",
      "ESP32 alone espruino_2v29_ESP32.bin",
      "ESP32-C3 alone espruino_2v29_ESP32-C3.bin",
      "ESP32-S3 alone espruino_2v29_ESP32-S3.bin",
    ])
  })

  it("goes by what the files are, not by their names", () => {
    const [a, b, c] = release("ESP32-C3").map(({ bytes }) => bytes)
    const renamed = [
      { path: "one.bin", bytes: c },
      { path: "two.bin", bytes: a },
      { path: "espruino_esp32.bin", bytes: b },
    ]
    expect(found(renamed)).toEqual(["ESP32-C3 whole ."])
  })

  it("one .bin is Espruino alone, or a picture of the flash", () => {
    expect(found(bin(app("ESP32-S3")))).toEqual(["ESP32-S3 alone x.bin"])
    expect(found(bin(merged("ESP32")))).toEqual(["ESP32 whole x.bin"])
    expect(found(bin(merged("ESP32", 0x1000)))).toEqual(["ESP32 whole x.bin"])
    expect(found(bin(merged("ESP32-C3")))).toEqual(["ESP32-C3 whole x.bin"])
  })
})

describe("refuses, with the reason,", () => {
  const with3 = (bootBytes: Buffer, tableBytes: Buffer, appBytes: Buffer) => [
    { path: "d/a.bin", bytes: bootBytes },
    { path: "d/b.bin", bytes: tableBytes },
    { path: "d/c.bin", bytes: appBytes },
  ]

  it("what is no firmware, or none of Espruino", () => {
    const why = (files: { path: string; bytes: Buffer }[]) => {
      const told = /^x\.zip holds no Espruino for ESP32, ESP32-C3, ESP32-S3: (.*?)\. Good files are .*espruino\.com/
      return told.exec(message(() => found(files)))?.[1]
    }
    expect(why(bin(Buffer.from("hello")))).toBe("nothing in it is firmware of an ESP32")
    expect(why([])).toBe("no .bin is in it")
    expect(why(bin(image([[0x3f400020, noise(500, 3)]], { chipId: 0 })))).toBe("it has other firmware, for ESP32")
    expect(why(bin(app("ESP32-S2")))).toBe("it has other firmware, for ESP32-S2")
    expect(why(bin(bootloader("ESP32")))).toBe("it has other firmware, for ESP32")
  })

  it("a damaged app, boot loader or table, and never takes the rest for Espruino alone", () => {
    const [boot, partitions, program] = release("ESP32").map(({ bytes }) => bytes)
    const spoil = (bytes: Buffer) => Buffer.from(bytes).fill(0, 60, 80)
    expect(() => found(with3(boot, partitions, spoil(program)))).toThrow(/^d\/c\.bin is damaged/)
    expect(() => found(with3(spoil(boot), partitions, program))).toThrow(/^d\/a\.bin is damaged/)
    expect(() => found(with3(boot, spoil(partitions), program))).toThrow(
      /^d\/c\.bin: there is a boot loader and no whole partition table/,
    )
  })

  it("a picture with a damaged app, or the app of another chip", () => {
    expect(() => found(bin(merged("ESP32").subarray(0, -5000)))).toThrow(
      /^the program in x\.bin is damaged: its end is missing/,
    )
    const mixed = merged("ESP32-C3")
    app("ESP32-S3").copy(mixed, 0x10000)
    expect(() => found(bin(mixed))).toThrow(/^x\.bin has a boot loader for ESP32-C3 and ESP32-S3 behind it\.$/)
  })

  it("partitions that Espruino does not fit into", () => {
    const [boot, , program] = release("ESP32").map(({ bytes }) => bytes)
    const elsewhere = ENTRIES.map((entry): Entry =>
      entry[0] === "factory" ? ["factory", "app", 0, 0x20000, 1 << 20] : entry,
    )
    expect(() => found(with3(boot, table(elsewhere), program))).toThrow(/its partition table has no program at 0x10000/)
    const small = ENTRIES.map((entry): Entry => (entry[0] === "factory" ? ["factory", "app", 0, 0x10000, 4096] : entry))
    expect(() => found(with3(boot, table(small), program))).toThrow(/Espruino is larger than its partition/)
    const large = image([[0x3ffb0000, noise(0x7100, 1)]], { chipId: 0 })
    expect(() => found(with3(large, table(), program))).toThrow(/the boot loader reaches into the partition table/)
  })
})
