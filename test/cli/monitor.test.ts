import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process"
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from "vitest"
import { monitorBoard } from "../../tools/cli/monitor"
import { Pty, WHY_NO_PTY } from "../serial/pty"
import { eventually } from "../vm/eventually"

/** Before the fault that ends in a restart of the board. */
const CONFIG = {
  network: { ssid: "workshop" },
  broker: { host: "127.0.0.1", port: 1883 },
  devices: {
    faults: {
      board: "esp32-devkitc",
      program: path.resolve("test/vm/programs/faults/main.ts"),
      settings: { count: 7 },
    },
  },
}

const motewire = (...args: string[]) => spawn(process.execPath, ["tools/motewire.mjs", ...args])

/** What a process says, until its end. */
function heard(run: ChildProcessWithoutNullStreams) {
  let said = ""
  for (const stream of [run.stdout, run.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text))
  const ended = new Promise<number | null>((resolve) => run.on("exit", (code) => resolve(code)))
  const until = (pattern: RegExp) =>
    eventually(
      () => pattern.test(said),
      () => `${pattern} in:\n${said}`,
      20_000,
    )
  return { said: () => said, ended, until }
}

describe("motewire monitor, on a simulated board in another process", { timeout: 60_000 }, () => {
  let folder: string, config: string, port: string, board: ChildProcessWithoutNullStreams

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "motewire-monitor-"))
    config = path.join(folder, "flash.config.json")
    writeFileSync(config, JSON.stringify(CONFIG))
    board = motewire("sim", "--config", config, "--console", "faults", "--json")
    const { until, said } = heard(board)
    await until(/"console":"[^"]+"/)
    port = /"console":"([^"]+)"/.exec(said())![1]!
  }, 60_000)
  afterAll(() => {
    board.kill("SIGKILL")
    rmSync(folder, { recursive: true })
  })

  it("answers what comes through a pipe, as JSON, and ends", async () => {
    const run = motewire("monitor", "faults", "--config", config, "--port", port, "--json")
    const { said, ended } = heard(run)
    run.stdin.end("40+2\n")
    expect(await ended).toBe(0)
    const records = said().trim().split("\n")
    expect(records.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ kind: "line", level: "info", text: "=42" }),
    )
  })

  it("follows what was flashed, translates its traces, and ends at Ctrl-C", async () => {
    const run = motewire("flash", "faults", "--config", config, "--port", port, "--monitor")
    const { said, ended, until } = heard(run)
    await until(/flashed, verified and running[^]*traces are translated/)
    run.stdin.write("E.reboot()\n")
    await until(/'read' of undefined[^]*Station\.report/)
    run.kill("SIGINT")
    expect(await ended).toBe(0)
    expect(said()).toMatch(/^ +at Station\.measure \(test\/vm\/programs\/faults\/station\.ts:\d+:\d+\)/m)
    expect(said()).toMatch(/^ +\d+ \| +return this\.sensor!\.read\(\) \* 2/m)
    expect(said()).toContain("the board starts anew: SW_CPU_RESET")
  })
})

const KEYS = "in a terminal every key says what it did, also of an error typed at the prompt"
test.skipIf(WHY_NO_PTY)(WHY_NO_PTY ? `${KEYS} (${WHY_NO_PTY})` : KEYS, { timeout: 30_000 }, async () => {
  const [terminal, cable] = [await Pty.open(), await Pty.open()]
  const tty = openSync(terminal.path, "r+")
  const args = ["tools/motewire.mjs", "monitor", "--port", cable.path, "--config", "nowhere.json"]
  const run = spawn(process.execPath, args, { stdio: [tty, tty, tty], env: { ...process.env, TERM: "xterm" } })
  const ended = new Promise<number | null>((resolve) => run.on("exit", (code) => resolve(code)))
  onTestFinished(() => {
    run.kill("SIGKILL")
    closeSync(tty)
    terminal.close()
    cable.close()
  })
  const until = (pattern: RegExp) =>
    eventually(
      () => pattern.test(terminal.heard),
      () => `${pattern} in:\n${terminal.heard}`,
      15_000,
    )
  await until(/Ctrl-Z stops it until fg[^]*h is help/)
  terminal.send("\x14c")
  await until(/-- Ctrl-C was sent/)
  expect(cable.heard).toContain("\x03")
  cable.send('Uncaught ReferenceError: "r" is not defined\r\n    at REPL (:1:1)\r\n\r\n^\r\nbehind\r\n')
  await until(/behind/)
  expect(terminal.heard).not.toMatch(/\n +\^/)
  terminal.send("\x14x")
  expect(await ended).toBe(0)
})

test.each([
  [{ baud: "fast" }, undefined, "--baud fast is no speed"],
  [{}, "climat", 'no device "climat"'],
  [{ port: "/dev/nothing-here" }, undefined, "there is no such port"],
  [{ port: "tcp://127.0.0.1:1" }, undefined, "Does the simulator run?"],
  [{ config: "nowhere.json" }, "climate", "there is no such file"],
])("motewire monitor with %j is refused", async (options, name, reason) => {
  const command = { config: "flash.config.json", baud: "115200", port: "/dev/nothing-here", ...options }
  await expect(monitorBoard(name, command)).rejects.toThrow(reason)
})
