import { expect, it } from "vitest"
import { buildProgram } from "../../tools/build/program"
import { Chip } from "./interpreter"
import { onEachInterpreter } from "./on-each"

onEachInterpreter("several brokers and redirects on the interpreter", (interpreter) => {
  it("goes where it goes on V8: the interpreter's patterns and numbers are its own", async () => {
    const chip = new Chip(interpreter)
    try {
      const { code } = await buildProgram("test/vm/programs/ways.ts")
      // The Linux build has no such module.
      chip.runScript(`Modules.addCached("Wifi", "");${code}`)
      await chip.printed(/^done/)
      expect(chip.lines.filter((line) => line.startsWith("way "))).toEqual([
        "way x = 0 x:1 0 b:2 9 x:1 0 a:1 0 b:2",
        "way x.example-1_a:8883 = 0 x.example-1_a:8883 0 b:2 9 x.example-1_a:8883 0 a:1 0 b:2",
        "way [fe80::9610:3eff:fe1c]:1883 = 0 fe80::9610:3eff:fe1c:1883 0 b:2 9 fe80::9610:3eff:fe1c:1883 0 a:1 0 b:2",
        "way x: y = 0 y:1 0 b:2 9 y:1 0 a:1 0 b:2",
        ...["x:0", "x:65536", "x:1e3", "fe80::1", ""].map((bad) => `way ${bad} = 0 b:2 9 a:1 0 b:2 9 a:1 0 b:2`),
      ])
    } finally {
      chip.close()
    }
  })
})
