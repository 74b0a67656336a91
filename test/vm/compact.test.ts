import { afterAll, beforeAll, expect, it } from "vitest"
import { bundleOf } from "./board"
import { Chip } from "./interpreter"
import { onEachInterpreter } from "./on-each"

/** Stands in front of the program, and moves it when it goes; as long as a page and a half. */
const JUNK = "x".repeat(6000)
/** Long enough to reach over pages of the interpreter's flash, and to be needed where it stands. */
const PADDING = Array.from({ length: 100 }, (_, n) => `function padding${n}(){return ${n}}`).join("\n")

onEachInterpreter("a compaction that moves the program which asks for it", (interpreter) => {
  let chip: Chip
  beforeAll(async () => {
    chip = new Chip(interpreter)
    const code = [
      PADDING,
      await bundleOf("test/vm/programs/compact.ts"),
      // What a restart does comes from RAM here as well: the firmware's own does not run from Storage.
      "E.reboot=new Function(\"print('<restart>');E.reboot=0\");",
      'var S=require("Storage");',
      'S.erase("junk");',
      'print("trash",S.getStats().trashBytes,padding99());',
      "if(S.getStats().trashBytes>5000)compactAndRestart();",
    ]
    await chip.install({ junk: JUNK, ".bootcde": code.join("\n"), after: "kept" })
  })
  afterAll(() => chip?.close())

  it("ends in a restart, with every file whole and the room given back", async () => {
    chip.boot()
    await chip.printed(/trash 60\d\d 99$/)
    await chip.printed(/<restart>/)
    await chip.kill()
    chip.boot()
    await chip.printed(/trash 0 99$/)
    expect(chip.lines.filter((line) => line.includes("<restart>"))).toHaveLength(1)
  })
})
