import { afterAll, describe, expect, it, vi } from "vitest"
import { WHY_NO_PTY } from "../serial/pty"
import { app, BOOTLOADER_AT, CHIP_IDS, merged, noise, release, STORAGE, table, type Entry } from "./images"
import { CHIPS, PATIENCE, Rig } from "./rig"
import type { Options } from "./chip"

const SECTOR = 4096
const KINDS = ["ESP32", "ESP32-C3", "ESP32-S3"]

/** The flash with a part in it: its sectors are erased, and all else stays. */
function withPart(flash: Buffer, offset: number, bytes: Buffer): Buffer {
  const set = Buffer.from(flash)
  set.fill(0xff, offset, offset + Math.ceil(bytes.length / SECTOR) * SECTOR)
  bytes.copy(set, offset)
  return set
}

const rigs: Rig[] = []
afterAll(() => rigs.forEach((rig) => rig.unplug()))

async function plugIn(kind: string, options?: Options): Promise<Rig> {
  const rig = await Rig.plugIn(kind, options)
  rigs.push(rig)
  return rig
}

const isBlank = (bytes: Buffer) => bytes.equals(Buffer.alloc(bytes.length, 0xff))

describe.skipIf(WHY_NO_PTY).concurrent(`installing Espruino${WHY_NO_PTY ? ` (skipped: ${WHY_NO_PTY})` : ""}`, () => {
  it.each(KINDS)("puts the three parts of a release onto a blank %s, and hears it answer", async (kind) => {
    const rig = await plugIn(kind)
    const { chip } = rig
    const files = release(kind)
    const [bootloader, partitions, espruino] = files.map(({ bytes }) => bytes)
    const { said, done, error } = await rig.install(files, { baud: 460_800 })
    expect(error).toBeUndefined()
    expect(done).toEqual({ chip: kind, version: "2v29" })
    expect(chip.baud).toBe(460_800)
    const flash = chip.flash.bytes
    // dio; 4 MB at 40 or 80 MHz; the code as it was.
    const at = BOOTLOADER_AT[kind]
    expect([...flash.subarray(at + 2, at + 4)]).toEqual([2, kind === "ESP32" ? 0x20 : 0x2f])
    const set = flash.subarray(at, at + bootloader.length)
    expect(set.subarray(4, -32).equals(bootloader.subarray(4, -32))).toBe(true)
    const blank = Buffer.alloc(flash.length, 0xff)
    const expected = withPart(withPart(withPart(blank, at, set), 0x8000, partitions), 0x10000, espruino)
    expect(flash.equals(expected)).toBe(true)
    expect(said[0]).toMatch(/^\/dev\/\S+: ESP32\S* .*, 4 MB of flash$/)
    expect(said[1]).toMatch(
      /^write boot loader \(\d+ bytes at 0x\d+\), partition table .* and Espruino .*, keep Storage$/,
    )
  })

  it("touches nothing but what it writes: programs, settings and Wi-Fi of before are there afterwards", async () => {
    const rig = await plugIn("ESP32")
    const { chip } = rig
    await rig.install(release("ESP32", "2v28"))
    chip.reset()
    noise(STORAGE.bytes, 3).copy(chip.flash.bytes, STORAGE.offset)
    noise(12 << 10, 4).copy(chip.flash.bytes, 0x9000)
    const before = Buffer.from(chip.flash.bytes)
    const { done } = await rig.install(release("ESP32", "2v29"))
    expect(done?.version).toBe("2v29")
    expect(chip.flash.bytes.equals(withPart(before, 0x10000, app("ESP32")))).toBe(true)
  })

  it("takes Espruino alone for a board that has the rest, and writes that alone", async () => {
    const rig = await plugIn("ESP32-C3")
    const { chip } = rig
    await rig.install(release("ESP32-C3", "2v28"))
    chip.reset()
    const before = Buffer.from(chip.flash.bytes)
    const { done } = await rig.install([{ path: "espruino.bin", bytes: app("ESP32-C3", "2v29") }])
    expect(done?.version).toBe("2v29")
    expect(chip.log.filter((name) => name === "FLASH_DEFL_BEGIN")).toHaveLength(1)
    expect(chip.flash.bytes.equals(withPart(before, 0x10000, app("ESP32-C3", "2v29")))).toBe(true)
  })

  it.each([
    ["ESP32", "0", 0],
    ["ESP32", "its boot loader", 0x1000],
    ["ESP32-S3", "0", 0],
  ] as const)(
    "takes the parts out of a merged picture of %s that begins at %s, and keeps Storage",
    async (kind, _, base) => {
      const rig = await plugIn(kind)
      const { chip } = rig
      noise(STORAGE.bytes, 3).copy(chip.flash.bytes, STORAGE.offset)
      const storage = Buffer.from(chip.flash.bytes.subarray(STORAGE.offset))
      const { done } = await rig.install([{ path: "flash.bin", bytes: merged(kind, base) }])
      expect(done?.version).toBe("2v29")
      expect(chip.flash.bytes.subarray(STORAGE.offset).equals(storage)).toBe(true)
      // nvs, which the picture has blank, too.
      expect(chip.flash.bytes.subarray(0x9000, 0x10000).every((byte) => byte === 0xff)).toBe(true)
    },
  )

  it("erases Storage with --erase before it writes", async () => {
    const rig = await plugIn("ESP32")
    const { chip } = rig
    noise(STORAGE.bytes, 3).copy(chip.flash.bytes, STORAGE.offset)
    const { done, said } = await rig.install(release("ESP32"), { erase: true })
    expect(done?.version).toBe("2v29")
    expect(said[1]).toMatch(/^erase Storage \(917504 bytes at 0x320000\), write boot loader/)
    expect(chip.log.lastIndexOf("ERASE_REGION")).toBeLessThan(chip.log.indexOf("FLASH_DEFL_BEGIN"))
    expect(isBlank(chip.flash.bytes.subarray(STORAGE.offset))).toBe(true)
  })

  it("rescues a board whose program never lets go: Storage goes, Espruino stays", async () => {
    const rig = await plugIn("ESP32")
    const { chip } = rig
    await rig.install(release("ESP32"))
    chip.reset()
    Buffer.from(".bootcde for(;;);").copy(chip.flash.bytes, STORAGE.offset + 64)
    const before = Buffer.from(chip.flash.bytes)
    const patience = { ...PATIENCE, bootMs: 800 }
    const stuck = await rig.install([{ path: "espruino.bin", bytes: app("ESP32") }], { patience })
    expect(stuck.error?.message).toMatch(
      /^it is done and verified, but no Espruino answers.*"motewire firmware --erase"/,
    )
    chip.reset()
    const { done } = await rig.install(undefined, { erase: true })
    expect(done).toEqual({ chip: "ESP32", version: "2v29" })
    expect(chip.flash.bytes.equals(before.fill(0xff, STORAGE.offset))).toBe(true)
  })

  it("changes nothing in a dry run, and says what it would do", async () => {
    const rig = await plugIn("ESP32-S3")
    const { chip } = rig
    const { done, error, said } = await rig.install(release("ESP32-S3"), { isDryRun: true, erase: true })
    expect([done, error]).toEqual([undefined, undefined])
    expect(said.at(-1)).toMatch(/^would erase Storage .*, write boot loader .*; nothing was written$/)
    expect(isBlank(chip.flash.bytes)).toBe(true)
  })

  it("counts what it erases, then what goes over the line, from nothing to all of it", async () => {
    const rig = await plugIn("ESP32")
    const seen: [what: string, done: number, total: number][] = []
    await rig.install(release("ESP32"), { erase: true, onProgress: (...progress) => seen.push(progress) })
    const storage = seen.filter(([what]) => what === "Storage")
    const espruino = seen.filter(([what]) => what === "Espruino")
    expect([...storage, ...espruino]).toEqual(seen)
    for (const each of [storage, espruino]) {
      expect(each.length).toBeGreaterThan(4)
      const isGrowing = each.every(([, done, total], at) => total === each[0][2] && done > (each[at - 1]?.[1] ?? 0))
      expect(isGrowing).toBe(true)
      expect(each.at(-1)![1]).toBe(each[0][2])
    }
    expect(storage[0][2]).toBe(STORAGE.bytes)
  })

  it("prints nothing by itself and leaves no global behind", async () => {
    const rig = await plugIn("ESP32-C3")
    const before = Object.getOwnPropertyNames(globalThis)
    const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(console, name))
    await rig.install(release("ESP32-C3"), { baud: 460_800 })
    const calls = spies.flatMap((spy) => spy.mock.calls)
    vi.restoreAllMocks()
    expect(calls).toEqual([])
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
  })

  describe("refuses before anything is erased or written:", () => {
    async function refused(rig: Rig, files: Parameters<Rig["install"]>[0], more: Parameters<Rig["install"]>[1] = {}) {
      const before = Buffer.from(rig.chip.flash.bytes)
      const { error, done } = await rig.install(files, more)
      expect(done).toBeUndefined()
      expect(rig.chip.flash.bytes.equals(before)).toBe(true)
      expect(rig.chip.log.filter((name) => /^(FLASH|ERASE)/.test(name))).toEqual([])
      return error!.message
    }

    it("a file for another chip", async () => {
      const rig = await plugIn("ESP32")
      expect(await refused(rig, release("ESP32-C3"), { erase: true })).toBe(
        "the board is an ESP32, and this firmware is for ESP32-C3. Take the file for ESP32; nothing was changed.",
      )
    })

    it("a board that is not what --chip says", async () => {
      const rig = await plugIn("ESP32-S3")
      const files = [...release("ESP32"), ...release("ESP32-S3")]
      expect(await refused(rig, files, { chip: CHIPS.find(({ name }) => name === "ESP32") })).toMatch(
        /^the board is an ESP32-S3, and --chip says ESP32\./,
      )
    })

    it("a chip that Espruino is not built for", async () => {
      const rig = await plugIn("ESP32-S2")
      expect(await refused(rig, release("ESP32"))).toMatch(/^the board is an ESP32-S2, and Espruino is there for ESP32/)
    })

    it("a locked chip", async () => {
      const rig = await plugIn("ESP32-C3", { isLocked: true })
      expect(await refused(rig, release("ESP32-C3"))).toMatch(/^the chip is locked \(Secure Download Mode\)/)
    })

    it("a flash that is too small, or does not say how large it is", async () => {
      const rig = await plugIn("ESP32", { flashBytes: 2 << 20 })
      expect(await refused(rig, release("ESP32"))).toMatch(/^the board's flash has 2 MB, .* take 4 MB: it does not fit/)
      const mute = await plugIn("ESP32", { sizeId: 0x99 })
      expect(await refused(mute, release("ESP32"))).toMatch(/^the flash of the board does not say how large it is/)
    })

    it("Espruino alone on a blank board, and on one with another firmware's partitions", async () => {
      const rig = await plugIn("ESP32")
      const alone = [{ path: "espruino.bin", bytes: app("ESP32") }]
      expect(await refused(rig, alone)).toMatch(/^espruino.bin is Espruino alone, and the board has no boot loader/)
      table([["app0", "app", 0x10, 0x10000, 1280 << 10]]).copy(rig.chip.flash.bytes, 0x8000)
      rig.chip.reset()
      expect(await refused(rig, alone)).toMatch(/^espruino.bin is Espruino alone/)
    })

    it("Espruino alone that is larger than its partition on the board", async () => {
      const rig = await plugIn("ESP32")
      table([
        ["factory", "app", 0, 0x10000, 32 << 10],
        ["storage", "data", 0x41, STORAGE.offset, STORAGE.bytes],
      ]).copy(rig.chip.flash.bytes, 0x8000)
      expect(await refused(rig, [{ path: "espruino.bin", bytes: app("ESP32") }])).toMatch(
        /^Espruino takes \d+ bytes, and the board's partition has 32768\./,
      )
    })

    it("to erase Storage where there is none", async () => {
      const rig = await plugIn("ESP32")
      expect(await refused(rig, undefined, { erase: true })).toMatch(/^there is no Storage at 0x320000 to erase/)
    })

    it.each<Entry>([
      ["ota_1", "app", 0x11, STORAGE.offset, STORAGE.bytes],
      ["storage", "app", 0x11, STORAGE.offset, STORAGE.bytes],
      ["spiffs", "data", 0x82, STORAGE.offset, STORAGE.bytes],
    ])("to erase what is another firmware's: %s, %s", async (...partition) => {
      const rig = await plugIn("ESP32")
      table([["factory", "app", 0, 0x10000, 1536 << 10], partition]).copy(rig.chip.flash.bytes, 0x8000)
      expect(await refused(rig, undefined, { erase: true })).toMatch(/^there is no Storage at 0x320000 to erase/)
    })

    it("two of Espruino for the chip in one file", async () => {
      const rig = await plugIn("ESP32")
      const both = [...release("ESP32", "2v28"), ...release("ESP32", "2v29")]
      expect(await refused(rig, both)).toMatch(
        /^there are 2 of Espruino for ESP32 in it: espruino_2v28_esp32, espruino_2v29/,
      )
    })

    it("a board that does not go into its boot loader: says which buttons help", async () => {
      const rig = await plugIn("ESP32")
      const { chip } = rig
      chip.fault = { command: "SYNC", from: 1, kind: "silence" }
      expect(await refused(rig, release("ESP32"), { patience: { ...PATIENCE, attempts: 1 } })).toMatch(
        /^no boot loader answers on \/dev.* Hold BOOT .*EN \(RST, RESET\)/,
      )
    })
  })

  it("warns that Storage changes its size with this version", async () => {
    const rig = await plugIn("ESP32")
    const { chip } = rig
    table([
      ["factory", "app", 0, 0x10000, 1536 << 10],
      ["js_code", "data", 0, STORAGE.offset, 256 << 10],
      ["storage", "data", 0, 0x360000, 640 << 10],
    ]).copy(chip.flash.bytes, 0x8000)
    const { said } = await rig.install(release("ESP32"), { isDryRun: true })
    expect(said).toContainEqual(expect.stringMatching(/^Storage is of another size in this version/))
  })

  describe("Ctrl-C", () => {
    it("before the first byte leaves the board as it was", async () => {
      const rig = await plugIn("ESP32")
      const { chip } = rig
      const stopping = new AbortController()
      const running = rig.install(release("ESP32"), { signal: stopping.signal, say: () => stopping.abort() })
      const { error } = await running
      expect(error).toMatchObject({ message: "stopped. Nothing was erased or written.", exitCode: 130 })
      expect(isBlank(chip.flash.bytes)).toBe(true)
    })

    it("in the middle says what the board has now, and the next run makes it whole", async () => {
      const rig = await plugIn("ESP32")
      const { chip } = rig
      const stopping = new AbortController()
      const startedMs = performance.now()
      const { error } = await rig.install(release("ESP32"), {
        signal: stopping.signal,
        onProgress: (_, sent, total) => sent > total / 2 && stopping.abort(),
      })
      expect(performance.now() - startedMs).toBeLessThan(3000)
      expect(error?.message).toMatch(/^stopped\. The board has no whole firmware now, .* this can be run again\.$/)
      chip.reset()
      expect((await rig.install(release("ESP32"))).done?.version).toBe("2v29")
    })

    it("while the board starts says that all is done", async () => {
      const rig = await plugIn("ESP32")
      const { chip } = rig
      const stopping = new AbortController()
      Buffer.from("for(;;);").copy(chip.flash.bytes, STORAGE.offset + 64)
      chip.onQuestion = () => stopping.abort()
      const { error } = await rig.install(release("ESP32"), { signal: stopping.signal })
      expect(error?.message).toBe("stopped. What was asked for is done and verified.")
    })
  })

  it("goes on with a stub that still runs from before", async () => {
    const rig = await plugIn("ESP32-C3")
    const { chip } = rig
    await rig.install(release("ESP32-C3"), { isDryRun: true })
    expect(chip.isStub).toBe(true)
    chip.log = []
    expect((await rig.install(release("ESP32-C3"))).done?.version).toBe("2v29")
    expect(chip.log).not.toContain("MEM_BEGIN")
  })

  it("goes on at 115200 bits a second on a board that does not keep up with more, and says so", async () => {
    const rig = await plugIn("ESP32", { maxBaud: 115_200 })
    const { done, said } = await rig.install(release("ESP32"), { baud: 921_600 })
    expect(done?.version).toBe("2v29")
    expect(said).toContain("it does not keep up with 921600 bits a second: going on with 115200")
  })

  it("knows the chips by the ids that their images carry", () => {
    expect(CHIPS.map(({ name }) => name).sort()).toEqual(Object.keys(CHIP_IDS).filter((name) => name !== "ESP32-S2"))
  })
})
