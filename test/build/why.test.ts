import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import pc from "picocolors"
import { beforeAll, describe, expect, it } from "vitest"
import { buildProgram, type Bundle } from "../../tools/build/program"
import { reasonsFor, sizesOf } from "../../tools/build/why"
import { whyLines } from "../../tools/cli/build/why"

const ROOT = process.cwd()
const PROGRAM = path.join(ROOT, "src/apps/climate.ts")

describe("why a bundle is as large as it is", () => {
  let bundle: Bundle
  beforeAll(async () => {
    bundle = await buildProgram(PROGRAM, { root: ROOT })
  }, 30_000)

  const reasonFor = async (file: string, last?: Record<string, number>) =>
    (await reasonsFor(bundle, PROGRAM, ROOT, last)).find((reason) => reason.file === file)!

  it("says for each file but the wrapper who pulled it in, from the program or the chip's adapter on", async () => {
    const reasons = (await reasonsFor(bundle, PROGRAM, ROOT)).filter(({ file }) => file !== "(wrapper)")
    expect(reasons.length).toBeGreaterThan(20)
    for (const { file, chain } of reasons) {
      expect(["src/apps/climate.ts", "src/hal/espruino/platform.ts"]).toContain(chain[0])
      expect(chain.at(-1)).toBe(file)
    }
  })

  it("goes the way of the names: through the door of the library, not to all that is behind it", async () => {
    expect((await reasonFor("src/drivers/dht22.ts")).chain).toEqual(["src/apps/climate.ts", "src/drivers/dht22.ts"])
    const { chain } = await reasonFor("src/mqtt/session.ts")
    expect(chain).toEqual(["src/apps/climate.ts", "src/device/program.ts", "src/mqtt/session.ts"])
    // Of src/pins.ts itself nothing is left.
    const wire = await reasonFor("src/hal/espruino/wire.ts")
    expect(wire.chain).toEqual(["src/apps/climate.ts", "src/pins.ts", "src/hal/espruino/wire.ts"])
  })

  it("gives every byte of a file to one of its declarations", async () => {
    for (const { bytes, declarations, file } of await reasonsFor(bundle, PROGRAM, ROOT))
      if (file !== "(wrapper)") expect(declarations.reduce((sum, each) => sum + each.bytes, 0)).toBe(bytes)
    const { declarations } = await reasonFor("src/drivers/dht/sensor.ts")
    expect(declarations.slice(0, 2).map(({ name }) => name)).toEqual(["dht", "frameError"])
  })

  it("compares with the last build: grown, shrunk, new and gone", async () => {
    const last = sizesOf(bundle)
    expect((await reasonFor("src/mqtt/client.ts", last)).change).toBe(0)
    last["src/mqtt/client.ts"]! -= 12
    last["src/mqtt/gone.ts"] = 100
    delete last["src/mqtt/qos1.ts"]
    expect((await reasonFor("src/mqtt/client.ts", last)).change).toBe(12)
    expect(await reasonFor("src/mqtt/gone.ts", last)).toMatchObject({ bytes: 0, change: -100 })
    const { bytes, change } = await reasonFor("src/mqtt/qos1.ts", last)
    expect(change).toBe(bytes)
    const text = whyLines(await reasonsFor(bundle, PROGRAM, ROOT, last), pc.createColors(false)).join("\n")
    expect(text).toMatch(/why {7}\+10 since the last build/)
    expect(text).toMatch(/0 {2}src\/mqtt\/gone\.ts {2}-100/)
  })

  it("shows who asked for a file through two others of a user's", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "motewire-why-"))
    const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text)
    write(
      "own.ts",
      'import { program } from "motewire"\nimport { far } from "./door"\nexport default program({}, ({ log }) => log(far()))\n',
    )
    write("door.ts", 'export * from "./near"\nexport { other } from "./other"\n')
    write("near.ts", 'export const far = () => "far away"\n')
    write("other.ts", 'export const other = () => "never asked for"\n')
    const program = path.join(folder, "own.ts")
    const own = await buildProgram(program, { root: ROOT })
    const reasons = await reasonsFor(own, program, ROOT)
    const near = reasons.find(({ file }) => file.endsWith("near.ts"))!
    expect(near.chain.map((file) => path.basename(file))).toEqual(["own.ts", "near.ts"])
    expect(reasons.some(({ file }) => file.endsWith("other.ts"))).toBe(false)
  })
})
