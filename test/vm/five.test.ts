import vm from "node:vm"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { buildProgram } from "../../tools/build/program"
import { Chip, INTERPRETERS, WHY_NO_INTERPRETER, type Interpreter } from "./interpreter"

/** What a program handed over says, as the host's own engine runs the bundle. */
function onHost(code: string): string[] {
  const context = vm.createContext({ btoa, atob })
  vm.runInContext(code, context)
  return vm.runInContext("conversation()", context) as string[]
}

describe("a conversation in MQTT 5", () => {
  let code: string
  beforeAll(async () => {
    code = (await buildProgram("test/vm/programs/five.ts")).code
  })

  it("has on the host every turn that it is meant to have", () => {
    const log = onHost(code)
    for (const expected of [
      "up false",
      "up true",
      "a/# a/c payload",
      "a/# a/c y",
      "b b y",
      "trouble -8 expires",
      "trouble -9 waits",
      "trouble 162 wild/+",
      "trouble 151 second",
      "answer 0 !",
      "answer -10 ",
      "down 157 gone next",
      "down 148 undefined undefined",
      "down 140 undefined undefined",
      "down 11 undefined undefined",
    ])
      expect(log).toContain(expected)
  })

  const all: Interpreter[] = WHY_NO_INTERPRETER
    ? [{ name: `skipped: ${WHY_NO_INTERPRETER}`, file: "", isChipLike: false }]
    : [...INTERPRETERS]
  describe.skipIf(WHY_NO_INTERPRETER)("on the interpreter", () => {
    let chip: Chip
    afterEach(() => chip?.close())

    it.each(all.map((interpreter) => [interpreter.name, interpreter] as const))(
      "is on %s what it is on the host, byte for byte",
      async (_, interpreter) => {
        chip = new Chip(interpreter)
        chip.runScript(`echo(0);\n${code}\nconversation().forEach(function(l){print("> "+l)});print("ended");`)
        await chip.printed(/ended|rror/, 15_000)
        const log = chip.lines.filter((line) => line.startsWith("> ")).map((line) => line.slice(2))
        expect(log).toEqual(onHost(code))
      },
    )
  })
})
