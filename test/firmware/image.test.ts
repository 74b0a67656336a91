import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { readImage, withFlashSettings } from "../../tools/firmware/image"
import { app, bootloader, image } from "./images"

describe("an image", () => {
  it.each(["ESP32", "ESP32-C3", "ESP32-S3"])("of %s tells its chip, and whether it is a boot loader", (chip) => {
    expect(readImage(app(chip), "x")).toMatchObject({ chip, isApp: true })
    expect(readImage(bootloader(chip), "x")).toMatchObject({ chip, isApp: false })
  })

  it("of a chip that motewire has no board of is known, too", () =>
    expect(readImage(image([[0x3ffb0000, Buffer.alloc(8)]], { chipId: 13 }), "x").chip).toBe("ESP32-C6"))

  it("ends where its segments, checksum and hash end, whatever stands behind", () => {
    for (const hasHash of [true, false]) {
      const bytes = app("ESP32", "2v29", { hasHash })
      const found = readImage(Buffer.concat([bytes, Buffer.alloc(100, 0xff)]), "x")
      expect(found.bytes.equals(bytes)).toBe(true)
    }
  })

  it("that ends in the middle is refused, wherever that is", () => {
    const bytes = bootloader("ESP32")
    for (const length of [1, 8, 23, 24, 31, 32, 100, bytes.length - 33, bytes.length - 32, bytes.length - 1])
      expect(() => readImage(bytes.subarray(0, length), "boot.bin"), `${length}`).toThrow(/^boot\.bin is damaged: /)
  })

  it("with a wrong bit is refused, wherever that is, but for the pins and revisions in the header without a hash", () => {
    const bytes = bootloader("ESP32")
    for (const at of [0, 1, 4, 23, 24, 28, 32, 5000, bytes.length - 33, bytes.length - 1]) {
      const spoilt = Buffer.from(bytes)
      spoilt[at] ^= 0x20
      expect(() => readImage(spoilt, "x"), `${at}`).toThrow(/^x is (damaged: |no firmware)/)
    }
    const unhashed = bootloader("ESP32", { hasHash: false })
    unhashed[40] ^= 1
    expect(() => readImage(unhashed, "x")).toThrow("its checksum is wrong")
  })

  it("of an ESP8266, which begins alike, is none", () => {
    const bytes = Buffer.alloc(2000, 0x5a)
    bytes.set([0xe9, 4, 0, 0, 0x10, 0, 0x10, 0x40])
    expect(() => readImage(bytes, "x")).toThrow(/damaged/)
  })
})

describe("the flash settings", () => {
  it.each([
    ["dio", "40m", 4, [2, 0x20]],
    ["dio", "80m", 8, [2, 0x3f]],
    ["qio", "26m", 1, [0, 0x01]],
    ["dout", "20m", 16, [3, 0x42]],
    ["qout", "80m", 32, [1, 0x4f]],
  ] as const)(
    "%s, %s and %i MB stand in the header, and the hash is right again",
    (mode, frequency, megabytes, bytes) => {
      const before = bootloader("ESP32")
      const set = withFlashSettings(before, mode, frequency, megabytes << 20)
      expect([...set.subarray(2, 4)]).toEqual(bytes)
      const hash = createHash("sha256").update(set.subarray(0, -32)).digest()
      expect(set.subarray(-32).equals(hash)).toBe(true)
      expect(set.subarray(4, -32).equals(before.subarray(4, -32))).toBe(true)
      expect(before.equals(bootloader("ESP32"))).toBe(true)
    },
  )

  it("leave an image without a hash without one", () => {
    const before = bootloader("ESP32", { hasHash: false })
    const set = withFlashSettings(before, "dio", "40m", 4 << 20)
    expect(set.subarray(4).equals(before.subarray(4))).toBe(true)
  })
})
