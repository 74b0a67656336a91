import { describe, expect, test } from "vitest"
import { deviceId, seedFrom } from "../../src/device/identity"

describe("identity", () => {
  // getSerial() on ESP32 is the MAC in hex with a dash behind eight digits; its first half is the maker's.
  test("is the device's name and the half of the address that differs between boards", () => {
    expect(deviceId("climate", "240ac4a1-b2c3")).toBe("climate-a1b2c3")
    expect(deviceId("climate", "240ac4a1b2c3")).toBe("climate-a1b2c3")
  })

  test("differs between two boards of one maker", () => {
    expect(deviceId("x", "240ac4a1-b2c3")).not.toBe(deviceId("x", "240ac4a1-b2c4"))
  })

  test.each([0, 1, 0x10000, 0xffff, 0xffff0000, 0xffffffff, 0x80000000])("seeds both halves from %d", (hash) => {
    const seed = seedFrom(hash)
    expect(seed & 0xffff).not.toBe(0)
    expect(seed >>> 16).not.toBe(0)
  })
})
