import { describe, expect, it } from "vitest"
import { FakeChip } from "./chip"
import { NorFlash } from "./nor-flash"

/** What the chip answers to bytes in hex, in hex. */
function asking(chip: FakeChip) {
  return (hex: string): string => {
    const answers: Buffer[] = []
    chip.send = (bytes) => void answers.push(bytes)
    chip.receive(Buffer.from(hex.replaceAll(" ", ""), "hex"))
    return Buffer.concat(answers).toString("hex")
  }
}

describe("the boot loader of the tests", () => {
  it("speaks as silicon did: traces of esptool with an ESP32", () => {
    const ask = asking(new FakeChip("ESP32", () => {}))
    // esptool issue 570, ESP32: an answer to SYNC is 01 08, four bytes of data, a value, four bytes of status.
    const sync = ask(`c0 00 08 24 00 00000000 07071220 ${"55".repeat(32)} c0`)
    expect(sync).toMatch(/^(c001080400[0-9a-f]{8}00000000c0){8}$/)
    // esptool issue 613, ESP32: the register by which it is known.
    expect(ask("c0 00 0a 04 00 00000000 00100040 c0")).toBe("c0010a0400831df00000000000c0")
  })

  it("speaks as the documentation shows it: escapes, and the stub's word that it runs", () => {
    const chip = new FakeChip("ESP32-C3", () => {})
    const ask = asking(chip)
    // 16 bytes to 0x40380000, one packet; 0xC0 and 0xDB in it are escaped, the checksum is that of the bytes as they are.
    ask("c0 00 05 10 00 00000000 02000000 01000000 00180000 00003840 c0")
    const checksum = (0xef ^ 0xc0 ^ 0xdb).toString(16)
    ask(`c0 00 07 12 00 ${checksum}000000 02000000 00000000 00000000 00000000 dbdc dbdd c0`)
    // "C0 4F 48 41 49 C0 ... is the only unsolicited packet" (Serial Protocol, Initial Synchronisation).
    expect(ask("c0 00 06 08 00 00000000 00000000 00003840 c0")).toBe(
      "c001060400000000000000" + "0000c0" + "c04f484149c0",
    )
    expect(chip.isStub).toBe(true)
  })

  it("refuses a wrong checksum, a packet out of turn and a start where nothing was loaded", () => {
    const ask = asking(new FakeChip("ESP32-C3", () => {}))
    ask("c0 00 05 10 00 00000000 02000000 01000000 00180000 00003840 c0")
    expect(ask("c0 00 07 12 00 00000000 02000000 00000000 00000000 00000000 0102 c0")).toContain("0107")
    expect(ask("c0 00 07 12 00 ec000000 02000000 01000000 00000000 00000000 0102 c0")).toContain("0105")
    expect(ask("c0 00 06 08 00 00000000 00000000 00003840 c0")).toContain("0106")
  })
})

it("flash memory only loses bits until its sector is erased", () => {
  const flash = new NorFlash(8192)
  flash.program(10, Buffer.from([0x0f]))
  flash.program(10, Buffer.from([0xf3]))
  expect(flash.bytes[10]).toBe(0x03)
  expect([flash.erase(1, 4096), flash.erase(4096, 8192)]).toEqual([false, false])
  expect(flash.erase(0, 4096)).toBe(true)
  expect(flash.bytes[10]).toBe(0xff)
})
