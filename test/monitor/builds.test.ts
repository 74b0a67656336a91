import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { crc32 } from "../../src/util/crc32"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram, type Bundle } from "../../tools/build/program"
import type { Device } from "../../tools/config/device"
import type { Config } from "../../tools/config/load"
import { findBuild, type Found } from "../../tools/monitor/builds"

const PROGRAM = path.resolve("test/vm/programs/faults/top.ts")
const OTHER = path.resolve("test/vm/programs/numbered.ts")

let folder: string
let bundle: Bundle
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "motewire-builds-"))
  mkdirSync(path.join(folder, "dist"))
  bundle = await buildProgram(PROGRAM)
})
afterAll(() => rmSync(folder, { recursive: true }))

const device = (name: string, program: string) =>
  ({ name, program, programAsWritten: path.basename(program) }) as Device
const inDist = (name: string, code: string, map: string) => {
  writeFileSync(path.join(folder, "dist", `${name}.js`), code)
  writeFileSync(path.join(folder, "dist", `${name}.js.map`), map)
}
const find = (code: string, devices: Device[], version = "2v29") =>
  findBuild({ file: "mw.1", crc: crc32(code), version }, { folder } as Config, devices)
const shown = (found: Found) =>
  "why" in found ? found.why : `${found.build.device} in ${path.basename(found.build.from)}`

test("dist/ is taken when it makes the bytes on the board, plain or pretokenised", async () => {
  inDist("one", bundle.code, bundle.map)
  const devices = [device("one", OTHER)]
  expect(shown(await find(bundle.code, devices))).toBe("one in one.js")
  expect(shown(await find(pretokenise(bundle, "2v29").code, devices))).toBe("one in one.js")
})

test("the sources are built when dist/ is older, or was never made", async () => {
  inDist("old", `${bundle.code};`, bundle.map)
  expect(shown(await find(bundle.code, [device("old", PROGRAM), device("new", PROGRAM)]))).toBe("old in top.ts")
  expect(shown(await find(bundle.code, [device("new", PROGRAM)]))).toBe("new in top.ts")
})

test("a map that cannot be read gives way to the sources", async () => {
  inDist("torn", bundle.code, bundle.map.slice(0, 99))
  expect(shown(await find(bundle.code, [device("torn", PROGRAM)]))).toBe("torn in top.ts")
})

test("a board may be another device of the file", async () => {
  expect(shown(await find(bundle.code, [device("first", OTHER), device("second", PROGRAM)]))).toBe("second in top.ts")
})

test("another build is named as such, with what to do", async () => {
  inDist("mine", `${bundle.code};`, bundle.map)
  const why = shown(await find("something else", [device("mine", PROGRAM)]))
  expect(why).toMatch(
    /^the board runs another build than \S*dist\/mine\.js: traces are not translated \(motewire build mine/,
  )
  expect(shown(await find("something else", [device("none", PROGRAM)]))).toMatch(/another build than the sources/)
})

test("a firmware version that no tokeniser knows is no match, and no failure", async () => {
  expect(shown(await find("something else", [device("none", PROGRAM)], "2v29-custom"))).toMatch(/another build/)
})
