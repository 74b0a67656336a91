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

const saying = (text: string) => `declare const print: (text: string) => void\nexport default () => print("${text}")\n`

let folder: string, program: string, other: string
let bundle: Bundle
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "motewire-builds-"))
  mkdirSync(path.join(folder, "dist"))
  program = path.join(folder, "one.ts")
  other = path.join(folder, "two.ts")
  writeFileSync(program, saying("hello"))
  writeFileSync(other, saying("good day"))
  bundle = await buildProgram(program)
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
  const devices = [device("one", other)]
  expect(shown(await find(bundle.code, devices))).toBe("one in one.js")
  expect(shown(await find(pretokenise(bundle, "2v29").code, devices))).toBe("one in one.js")
})

test("the sources are built when dist/ is older, or was never made", async () => {
  inDist("old", `${bundle.code};`, bundle.map)
  expect(shown(await find(bundle.code, [device("old", program), device("new", program)]))).toBe("old in one.ts")
  expect(shown(await find(bundle.code, [device("new", program)]))).toBe("new in one.ts")
})

test("a map that cannot be read gives way to the sources", async () => {
  inDist("torn", bundle.code, bundle.map.slice(0, 99))
  expect(shown(await find(bundle.code, [device("torn", program)]))).toBe("torn in one.ts")
})

test("a board may be another device of the file", async () => {
  expect(shown(await find(bundle.code, [device("first", other), device("second", program)]))).toBe("second in one.ts")
})

test("another build is named as such, with what to do", async () => {
  inDist("mine", `${bundle.code};`, bundle.map)
  const why = shown(await find("something else", [device("mine", program)]))
  expect(why).toMatch(
    /^the board runs another build than \S*dist\/mine\.js: traces are not translated \(motewire build mine/,
  )
  expect(shown(await find("something else", [device("none", program)]))).toMatch(/another build than the sources/)
})

test("a firmware version that no tokeniser knows is no match, and no failure", async () => {
  expect(shown(await find("something else", [device("none", program)], "2v29-custom"))).toMatch(/another build/)
})
