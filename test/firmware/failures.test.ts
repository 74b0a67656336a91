import { afterAll, describe, expect, it } from "vitest"
import { Failure } from "../../tools/failure"
import type { Installing } from "../../tools/firmware/firmware"
import { WHY_NO_PTY } from "../serial/pty"
import type { CommandName, Fault, FaultKind } from "./chip"
import { ENTRIES, noise, release, STORAGE, table } from "./images"
import { Rig, type Ran } from "./rig"

const CHIP = "ESP32-C3"
/** A chip that fails is not waited for as long as one that is to succeed. */
const HURRY = { attempts: 1, replyMs: 150, flashMs: 150, bootMs: 4000 }
const WORKERS = 24

/** A Storage of two blocks, so that few commands erase it. */
const STORAGE_BYTES = 128 << 10
const TABLE = table([...ENTRIES.slice(0, -1), ["storage", "data", 0x41, STORAGE.offset, STORAGE_BYTES]])

const version = (name: string) =>
  release(CHIP, name).map((file) => (file.path.endsWith("partition-table.bin") ? { ...file, bytes: TABLE } : file))

/** What comes back has a wrong bit, or the flash has. */
const CAN_BE_SPOILT: CommandName[] = [
  "READ_REG",
  "GET_SECURITY_INFO",
  "READ_FLASH",
  "SPI_FLASH_MD5",
  "FLASH_DEFL_DATA",
  "ERASE_REGION",
]

/** The chip is known by another register, the speed stays as it was, the size of the flash stands in other bits. */
const HARMLESS = /^(GET_SECURITY_INFO 1 (error|silence|garbled)|CHANGE_BAUDRATE 1 error|READ_REG \d+ spoilt)$/

const kindsFor = (command: CommandName): FaultKind[] => [
  ...(["error", "silence", "unplugged", "garbled"] as const),
  ...(CAN_BE_SPOILT.includes(command) ? (["spoilt"] as const) : []),
  ...(command === "SPI_FLASH_MD5" ? (["stray"] as const) : []),
]

/** Each command that came, failing from its first time on in each way, and from its last one where several do different things. */
function faultsOf(log: CommandName[]): Fault[] {
  return [...new Set(log)].flatMap((command) => {
    const last = /^(FLASH_DEFL_DATA|SPI_FLASH_MD5|READ_REG)$/.test(command)
      ? log.filter((name) => name === command).length
      : 1
    return [...new Set([1, last])].flatMap((from) => kindsFor(command).map((kind) => ({ command, from, kind })))
  })
}

interface Outcome {
  name: string
  ran: Ran
  /** Commands that change the flash. */
  changes: number
  flash: "as before" | "whole" | "half"
  again: Ran
}

describe.skipIf(WHY_NO_PTY)(`an installation that fails${WHY_NO_PTY ? ` (skipped: ${WHY_NO_PTY})` : ""}`, () => {
  const rigs: Rig[] = []
  afterAll(() => rigs.forEach((rig) => rig.unplug()))

  async function plugIn(): Promise<Rig> {
    const rig = await Rig.plugIn(CHIP)
    rigs.push(rig)
    return rig
  }

  const install = (rig: Rig, more: Partial<Installing> = {}) => rig.install(version("2v29"), { erase: true, ...more })

  it("at any command, in any way, ends with one sentence and no success, and the next run makes it whole", async () => {
    const first = await plugIn()
    const { chip } = first
    // An older Espruino, and a full Storage.
    await first.install(version("2v28"))
    chip.reset()
    noise(STORAGE_BYTES, 3).copy(chip.flash.bytes, STORAGE.offset)
    const before = Buffer.from(chip.flash.bytes)
    expect((await install(first)).done?.version).toBe("2v29")
    const whole = Buffer.from(chip.flash.bytes)
    const faults = [...faultsOf(chip.log as CommandName[]), ...faultsOf(["CHANGE_BAUDRATE"])]
    expect(faults.length).toBeGreaterThan(75)

    async function outcomeOf(rig: Rig, fault: Fault): Promise<Outcome> {
      before.copy(rig.chip.flash.bytes)
      rig.chip.reset()
      rig.chip.fault = fault
      const name = `${fault.command} ${fault.from} ${fault.kind}`
      const ran = await install(rig, {
        baud: fault.command === "CHANGE_BAUDRATE" ? 460_800 : 115_200,
        ...(!HARMLESS.test(name) && { patience: HURRY }),
      })
      const { bytes } = rig.chip.flash
      const flash = bytes.equals(whole) ? "whole" : bytes.equals(before) ? "as before" : "half"
      const changes = rig.chip.log.filter((name) => /^(ERASE|FLASH)/.test(name)).length
      if (fault.kind === "unplugged") await rig.replug()
      rig.chip.reset()
      const again = await install(rig)
      return { name, ran, changes, flash, again: bytes.equals(whole) ? again : { said: ["the flash is not whole"] } }
    }

    const queue = [...faults]
    const outcomes: Outcome[] = []
    async function work(rig: Rig): Promise<void> {
      for (let fault = queue.shift(); fault; fault = queue.shift()) outcomes.push(await outcomeOf(rig, fault))
    }
    const others = await Promise.all(Array.from({ length: WORKERS - 1 }, plugIn))
    await Promise.all([first, ...others].map(work))

    expect(outcomes).toHaveLength(faults.length)
    for (const { name, ran, changes, flash, again } of outcomes) {
      expect(again.done, `${name}, and again`).toEqual({ chip: CHIP, version: "2v29" })
      if (HARMLESS.test(name)) {
        expect([ran.done?.version, flash], name).toEqual(["2v29", "whole"])
        continue
      }
      expect(ran.done, name).toBeUndefined()
      expect(ran.error, name).toBeInstanceOf(Failure)
      expect(ran.error!.message, name).toMatch(SENTENCE)
      expect(ran.error!.message, name).not.toMatch(/\n|undefined|NaN|\bat \S+:\d+/)
      if (changes > 0) expect(ran.error!.message, name).toMatch(/no whole firmware now|Storage is erased in part/)
      else expect(flash, name).toBe("as before")
    }
  }, 60_000)
})

/** What failed and why, or what is gone; then what the board is left with and what to do. */
const SENTENCE = new RegExp(
  [
    /^(the boot loader|starting the flasher in its RAM|reading the partition table|erasing Storage|writing [\w ]+ at 0x[0-9a-f]+) failed: /,
    /(the chip answered with error 0x\w\w|the chip stopped answering|its answers are spoilt on the way|its flash holds something else afterwards)\. .+\.$/,
    /|^\/dev\/\S+ is gone: was the board unplugged\? Plug it in again; .+ run this again\. .+\.$/,
    /|^the chip is none that esptool knows\.$/,
    /|^no boot loader answers on \/dev\/\S+\. Hold BOOT .+\.$/,
  ]
    .map(({ source }) => source)
    .join(""),
)
