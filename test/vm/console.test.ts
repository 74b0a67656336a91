import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import { openSerial } from "../../tools/serial/port"
import { comparable, CONVERSATIONS } from "../sim/console/conversations"
import { eventually } from "./eventually"
import { INTERPRETERS, WHY_NO_INTERPRETER } from "./interpreter"

const hasPython = spawnSync("python3", ["--version"]).status === 0
const why = WHY_NO_INTERPRETER ?? (hasPython ? undefined : "no python3, which makes the pseudo terminal")
const chipLike = INTERPRETERS.filter(({ isChipLike }) => isChipLike)
/** Strings are bytes on the chip: where its like is found, it judges. */
const judges = chipLike.length ? chipLike : INTERPRETERS

describe.skipIf(why)(`the table of console conversations is what the interpreter says${why ? ` (${why})` : ""}`, () => {
  const [{ file } = { file: "" }] = judges
  test.each(Object.entries(CONVERSATIONS))("%s", { timeout: 60_000 }, async (_, exchanges) => {
    const folder = mkdtempSync(path.join(tmpdir(), "motewire-console-"))
    const tty = path.join(folder, "tty")
    const env = { ...process.env, ESPR_STACK: "25000", ESPR_VARS: "5000" }
    const run = spawn("python3", [path.resolve("test/vm/pty.py"), tty, file], { cwd: folder, env, stdio: "ignore" })
    try {
      await eventually(() => existsSync(tty), "the pseudo terminal", 10_000)
      const line = await openSerial(tty)
      let answered = ""
      line.onData((bytes) => (answered += bytes))
      writeFileSync(`${tty}.go`, "")
      await eventually(() => answered.endsWith(">"), "the prompt", 10_000)
      for (const [sent, answer] of exchanges) {
        answered = ""
        line.write(sent)
        for (let waits = 0; waits < 60 && comparable(answered) !== answer; waits++) await sleep(25)
        // What comes behind the answer would be wrong, too.
        await sleep(50)
        expect([sent, comparable(answered)]).toEqual([sent, answer])
      }
      await line.close()
    } finally {
      run.kill("SIGKILL")
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
