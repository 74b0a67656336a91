import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { crc32 } from "../../src/util/crc32"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram } from "../../tools/build/program"
import type { Device } from "../../tools/config/device"
import type { Config } from "../../tools/config/load"
import { keepBuild, keptFile } from "../../tools/flash/kept"
import { findBuild } from "../../tools/monitor/builds"
import { project } from "../config/support/project"

let folder: string
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "motewire-kept-"))))
afterEach(() => rmSync(folder, { recursive: true }))

test("a monitor finds what was flashed, plain or pretokenised, when the sources have moved on", async () => {
  const saying = (word: string) =>
    `declare const print: (text: string) => void\nexport default () => print("${word}")\n`
  const programs = project({ "was.ts": saying("was"), "is.ts": saying("is") })
  const bundle = await buildProgram(path.join(programs, "was.ts"))
  const devices = [{ name: "hall", program: path.join(programs, "is.ts"), programAsWritten: "is.ts" } as Device]
  for (const bytes of [bundle.code, pretokenise(bundle, "2v29").code]) {
    const find = () => findBuild({ file: "mw.1", crc: crc32(bytes), version: "2v29" }, { folder } as Config, devices)
    expect(await find()).toHaveProperty("why")
    keepBuild(folder, "hall", crc32(bytes), bundle)
    expect(await find()).toMatchObject({ build: { device: "hall", bundle: { code: bundle.code } } })
  }
})

test("of each device the last eight are kept, with their maps, and a device whose name begins alike keeps its own", () => {
  const bundle = { code: "1", map: "{}" }
  keepBuild(folder, "hall", 1, bundle)
  keepBuild(folder, "hall.two", 1, bundle)
  for (let crc = 1; crc <= 10; crc++) {
    keepBuild(folder, "hall", crc, bundle)
    utimesSync(keptFile(folder, "hall", crc), crc, crc)
  }
  const left = [3, 4, 5, 6, 7, 8, 9, 10].map((crc) => path.basename(keptFile(folder, "hall", crc)))
  const names = readdirSync(path.join(folder, "dist", "flashed")).filter((name) => !name.startsWith("hall.two"))
  expect(names.sort()).toEqual([...left, ...left.map((name) => `${name}.map`)].sort())
  expect(existsSync(keptFile(folder, "hall.two", 1))).toBe(true)
})
