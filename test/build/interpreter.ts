import { spawn } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { onPath } from "../vm/on-path"

/** The real interpreter, the build with the chip's settings before the stock one; undefined where none is installed. */
export const INTERPRETER = onPath("espruino-chip") ?? onPath("espruino")

export const WHY_SKIPPED = "neither espruino-chip nor espruino is on PATH"

/** 25,000 bytes of C stack is the chip's figure; only the chip-like build reads it. */
const CHIP_LIKE = { ESPR_STACK: "25000" }

/** What `code` printed, line by line. Its own folder, because the interpreter keeps its Storage in the current one. */
export async function printedByInterpreter(code: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "motewire-vm-"))
  writeFileSync(path.join(folder, "code.js"), `print("<begin>");\n${code}\nprint("<end>");`, "latin1")
  return between(await outputOf(folder))
}

/** stdin stays an open pipe: at its end the interpreter reads garbage (Espruino 2v29). */
function outputOf(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const run = spawn(INTERPRETER!, ["code.js"], { cwd: folder, env: { ...process.env, ...CHIP_LIKE } })
    const timer = setTimeout(() => run.kill("SIGKILL"), 5000)
    let output = ""
    run.stdout.setEncoding("latin1").on("data", (text) => (output += text))
    run.on("error", reject)
    run.on("close", () => {
      clearTimeout(timer)
      resolve(output)
    })
  })
}

function between(output: string): string[] {
  const lines = output.replaceAll("\r", "").split("\n")
  const begin = lines.findIndex((line) => line.endsWith("<begin>"))
  const end = lines.findIndex((line) => line.endsWith("<end>"))
  return lines.slice(begin + 1, end < 0 ? undefined : end)
}
