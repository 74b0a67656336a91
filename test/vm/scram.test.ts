import { afterEach, describe, expect, it } from "vitest"
import { buildProgram } from "../../tools/build/program"
import { Chip, INTERPRETERS, WHY_NO_INTERPRETER } from "./interpreter"

describe.skipIf(WHY_NO_INTERPRETER)(
  `SCRAM-SHA-256 with the firmware's hashes ${WHY_NO_INTERPRETER ? `(skipped: ${WHY_NO_INTERPRETER})` : ""}`,
  () => {
    let chip: Chip
    afterEach(() => chip?.close())

    it.each(INTERPRETERS.map((interpreter) => [interpreter.name, interpreter] as const))(
      "is on %s the exchange of RFC 7677, and every nonce is a new one",
      async (_, interpreter) => {
        const { code } = await buildProgram("test/vm/programs/scram.ts")
        chip = new Chip(interpreter)
        const serial = 'global.getSerial=function(){return "a4cf12-05fe7b"};'
        chip.runScript(`echo(0);${serial}\n${code}\nexchange().forEach(function(l){print("> "+l)});print("ended");`)
        await chip.printed(/ended|rror/, 15_000)
        const said = chip.lines.filter((line) => line.startsWith("> ")).map((line) => line.slice(2))
        expect(said.slice(0, 4)).toEqual([
          "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
          "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
          "true",
          "true",
        ])
        for (const first of said.slice(4)) expect(first).toMatch(/^n,,n=user,r=[A-Za-z0-9+/]{24}$/)
        expect(said[4]).not.toBe(said[5])
      },
    )
  },
)
