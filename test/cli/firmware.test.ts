import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { firmware } from "../../tools/cli/firmware"
import { ROOT } from "../../tools/root"
import { app, noise, release, STORAGE } from "../firmware/images"
import { Rig } from "../firmware/rig"
import { WHY_NO_PTY } from "../serial/pty"

const WHY_NO_TAR = spawnSync("tar", ["--version"]).status === 0 ? undefined : "no tar"
const WHY_NOT = WHY_NO_PTY ?? WHY_NO_TAR

const folder = mkdtempSync(path.join(tmpdir(), "motewire-firmware-"))

function put(name: string, bytes: Buffer): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, bytes)
  return file
}

function tgz(chip: string): string {
  const files = release(chip)
  for (const { path: name, bytes } of files) put(name, bytes)
  const inside = path.dirname(files[0].path)
  spawnSync("tar", ["-czf", `${inside}.tgz`, inside], { cwd: folder })
  return path.join(folder, `${inside}.tgz`)
}

const start = (...args: string[]) =>
  spawn(process.execPath, [path.join(ROOT, "tools/motewire.mjs"), "firmware", ...args], { cwd: folder })

async function ending(child: ChildProcess) {
  const ran = { code: null as number | null, out: "", err: "" }
  child.stdout!.on("data", (text) => (ran.out += text))
  child.stderr!.on("data", (text) => (ran.err += text))
  ;[ran.code] = await once(child, "close")
  return ran
}

const run = (...args: string[]) => ending(start(...args))

describe("motewire firmware, before it opens a port,", () => {
  it("says where the firmware is to be had, when it is given none", async () => {
    const { code, out, err } = await run()
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatch(/^motewire: which firmware\? .*https:\/\/www\.espruino\.com\/Download .*--file.*\n$/)
  })

  it("is told from flashing a device", async () => {
    const { code, err } = await run("switch")
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: too many arguments.*\n.*"motewire flash DEVICE"/)])
  })

  it.each([
    ["a file that is not there", { file: "nothing.zip" }, 1, /^there is no file nothing\.zip\.$/],
    [
      "a damaged file",
      { file: put("cut.bin", app("ESP32").subarray(0, 9000)) },
      1,
      /cut\.bin is damaged: its end is missing/,
    ],
    ["a file that is no firmware", { file: put("x.bin", Buffer.from("?")) }, 1, /x\.bin holds no Espruino for ESP32/],
    [
      "a file for another chip than --chip",
      { file: put("c3.bin", app("ESP32-C3")), chip: "esp32s3" },
      1,
      /c3\.bin is for ESP32-C3, and --chip says ESP32-S3/,
    ],
    [
      "a chip that there is not",
      { erase: true, chip: "esp33" },
      2,
      /--chip esp33 is none of ESP32, ESP32-C3, ESP32-S3/,
    ],
    ["a speed that is none", { erase: true, baud: "fast" }, 2, /--baud fast is no speed/],
    [
      "the simulator's port",
      { erase: true, port: "tcp://localhost:1" },
      2,
      /a simulated board has its firmware inside/,
    ],
  ] as const)("refuses %s", async (_, command, exitCode, why) => {
    // Were the port opened, it would be complained of.
    const refused = firmware({ port: "/dev/nowhere", baud: "115200", ...command })
    await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(why), exitCode })
  })
})

describe.skipIf(WHY_NOT).concurrent(`motewire firmware with a board${WHY_NOT ? ` (skipped: ${WHY_NOT})` : ""}`, () => {
  const rigs: Rig[] = []
  afterAll(() => rigs.forEach((rig) => rig.unplug()))
  const plugIn = async (kind: string) => {
    const rig = await Rig.plugIn(kind)
    rigs.push(rig)
    return rig
  }

  it("installs a release, and says what ran then and what comes next", async () => {
    const { chip, path: port } = await plugIn("ESP32")
    const { code, out, err } = await run("--file", tgz("ESP32"), "--port", port)
    expect(out).toMatch(
      new RegExp(
        `^ESP32: installed and verified, Espruino 2v29 answers after [\\d.]+ s\nnext: motewire flash --port ${port}\n$`,
      ),
    )
    expect(err).toMatch(
      /^motewire: \/dev\/\S+: ESP32-D0WDQ6 \(revision 0\), 4 MB of flash\nmotewire: write boot loader .*\n$/,
    )
    expect(code).toBe(0)
    expect(chip.baud).toBe(460_800)
    expect(chip.flash.bytes.subarray(0x10000, 0x10000 + app("ESP32").length).equals(app("ESP32"))).toBe(true)
  })

  it("erases Storage alone", async () => {
    const { chip, path: port } = await plugIn("ESP32-C3")
    const file = tgz("ESP32-C3")
    expect((await run("--file", file, "--port", port, "--chip", "esp32-c3")).code).toBe(0)
    noise(2000, 1).copy(chip.flash.bytes, STORAGE.offset)
    chip.reset()
    const { code, out } = await run("--erase", "--port", port)
    expect([code, out]).toEqual([0, expect.stringMatching(/^ESP32-C3: Storage erased, Espruino 2v29 answers after/)])
    expect(chip.flash.bytes.subarray(STORAGE.offset).equals(Buffer.alloc(STORAGE.bytes, 0xff))).toBe(true)
  })

  it("ends at Ctrl-C in the middle, at once and with one sentence", async () => {
    const { chip, path: port } = await plugIn("ESP32-S3")
    chip.fault = { command: "FLASH_DEFL_DATA", from: 2, kind: "silence" }
    const child = start("--file", tgz("ESP32-S3"), "--port", port)
    const ended = ending(child)
    while (!chip.log.includes("FLASH_DEFL_DATA") && child.exitCode === null)
      await new Promise((next) => setTimeout(next, 20))
    const askedMs = performance.now()
    child.kill("SIGINT")
    const { code, err } = await ended
    // The chip would have been waited for much longer.
    expect(performance.now() - askedMs).toBeLessThan(5000)
    expect([code, err.trimEnd().split("\n").at(-1)]).toEqual([
      130,
      expect.stringMatching(/^motewire: stopped\. The board has no whole firmware now, .* run again\.$/),
    ])
  })

  it("ends when the board is unplugged in the middle, at once and with one sentence", async () => {
    const rig = await plugIn("ESP32")
    rig.chip.fault = { command: "FLASH_DEFL_DATA", from: 2, kind: "unplugged" }
    const { code, err } = await run("--file", tgz("ESP32"), "--port", rig.path)
    expect([code, err.trimEnd().split("\n").at(-1)]).toEqual([
      1,
      expect.stringMatching(
        /^motewire: \/dev\/\S+ is gone: was the board unplugged\? Plug it in again; .+ run this again\. The board has no whole/,
      ),
    ])
  })
})
