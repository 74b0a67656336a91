import { describe, expect, it } from "vitest"
import { buildProgram } from "../../tools/build/program"

const isOfRecorder = ({ file }: { file: string }) => file.startsWith("src/hal/espruino/record/")
/** All kinds of pins, and TLS. */
const PROGRAMS = ["src/apps/climate.ts", "examples/button-relay.ts", "test/scenarios/programs/secure.ts"]

describe.each(PROGRAMS)("a bundle of %s", (program) => {
  it("has nothing of the recorder in it, and with --record has it below the same program", async () => {
    const [plain, recording] = await Promise.all([buildProgram(program), buildProgram(program, { record: true })])
    expect(plain.modules.filter(isOfRecorder)).toEqual([])
    expect(plain.code).not.toMatch(/@@|__RECORD__|conceal/)
    expect(recording.modules.filter(isOfRecorder).map(({ file }) => file)).toContain(
      "src/hal/espruino/record/recorder.ts",
    )
    expect(recording.code).not.toContain("__RECORD__")
    // The program's own part is the same work: within what other names take.
    const bytesOf = (bundle: typeof plain) => bundle.modules.find(({ file }) => file === program)!.bytes
    expect(Math.abs(bytesOf(recording) - bytesOf(plain))).toBeLessThan(20)
  })
})

it("hands the broker's password to the recorder alone, before anything is sent", async () => {
  const { code } = await buildProgram("src/apps/climate.ts", { record: true })
  expect(code).toMatch(/\.pw&&\w+\.\w+&&\w+\.\w+\(\w+\.pw\)/)
})
