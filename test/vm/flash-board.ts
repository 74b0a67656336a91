import { spawn, type ChildProcess } from "node:child_process"
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { BoardConsole } from "../../tools/flash/console"
import { openSerial } from "../../tools/serial/port"
import { eventually } from "./eventually"
import type { Interpreter } from "./interpreter"

/** The interpreter behind a pseudo terminal: its reset restarts it, the cable may be pulled, the power cut. */
export class FlashBoard {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "motewire-flash-"))
  readonly tty = path.join(this.folder, "tty")
  private rig: ChildProcess | undefined

  constructor(private readonly interpreter: Interpreter) {}

  /** `from` is the flash of another board. */
  async powerOn(from?: string): Promise<this> {
    if (from !== undefined) copyFileSync(from, this.flashFile)
    rmSync(this.tty, { force: true })
    const env = { ...process.env, ESPR_STACK: "25000", ESPR_VARS: "5000" }
    const args = [path.resolve("test/vm/flash.py"), this.tty, this.interpreter.file]
    this.rig = spawn("python3", args, { cwd: this.folder, env, stdio: "ignore" })
    await eventually(() => existsSync(this.tty), "the pseudo terminal", 20_000)
    return this
  }

  get flashFile(): string {
    return path.join(this.folder, "espruino.flash")
  }

  get flash(): Buffer {
    return readFileSync(this.flashFile)
  }

  /** The power is away and back. */
  cutPower(): void {
    this.rig!.kill("SIGUSR1")
  }

  async powerOff(): Promise<void> {
    const rig = this.rig!
    rig.kill("SIGTERM")
    await eventually(
      () => rig.exitCode !== null || rig.signalCode !== null,
      () => "the end of the interpreter",
    )
  }

  /** Plugs a cable in for the time of `run`. */
  async at<T>(run: (console: BoardConsole) => Promise<T>): Promise<T> {
    const line = await openSerial(this.tty)
    const console = new BoardConsole(line, this.tty)
    return run(console).finally(() => line.close())
  }

  /** A question to a board that boots, or runs whatever. */
  ask<T>(expression: string): Promise<T> {
    return this.at(async (console) => {
      if (!(await console.knock(10_000))) throw new Error(`no prompt: ${console.heard}`)
      return console.ask<T>(expression)
    })
  }

  /** Lends it Wi-Fi and pins, by a file that runs before the program, and starts it with them. */
  async lend(): Promise<void> {
    const text = fakes()
    await this.at(async (console) => {
      await console.knock(3000)
      for (const [n, part] of text.match(/.{1,400}/gs)!.entries())
        await console.ask(`require("Storage").write(".boot0",${JSON.stringify(part)},${n * 400},${text.length})`)
    })
    this.cutPower()
  }

  async close(): Promise<void> {
    if (this.rig) await this.powerOff()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Those of test/vm without the test's own way in, which is a socket, and with the interpreter's own restart. */
function fakes(): string {
  const text = readFileSync("test/vm/fakes.js", "latin1")
  const end = text.indexOf("// --- the test's own way in")
  return text.slice(0, end).replace(/E\.reboot = function[^]*?\n}\n/, "")
}
