import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { eventually } from "./eventually"
import { onPath } from "./on-path"

/** An Espruino for Linux; `isChipLike` when it has the ESP32's 14-byte blocks, fixed pool and byte strings. */
export interface Interpreter {
  name: string
  file: string
  isChipLike: boolean
}

function found(variable: string, name: string, isChipLike: boolean): Interpreter[] {
  const file = process.env[variable] ?? onPath(name)
  if (file === undefined) return []
  // "No such file" is the only failure that tells: given nothing to do, Espruino may well end with an error.
  const probe = spawnSync(file, ["--help"], { stdio: "ignore", timeout: 5000 })
  return probe.error && (probe.error as NodeJS.ErrnoException).code === "ENOENT" ? [] : [{ name, file, isChipLike }]
}

export const INTERPRETERS: readonly Interpreter[] = [
  ...found("ESPRUINO", "espruino", false),
  ...found("ESPRUINO_CHIP", "espruino-chip", true),
]

export const WHY_NO_INTERPRETER = INTERPRETERS.length
  ? undefined
  : "no Espruino for Linux: put `espruino` on PATH or its path into ESPRUINO"

/** 25,000 bytes of C stack and 5000 blocks: the chip's figures (Espruino 2v29). Only the chip-like build reads them. */
const CHIP_LIMITS = { ESPR_STACK: "25000", ESPR_VARS: "5000" }

/** A fresh chip each: its Storage is a file in a folder of its own. */
export class Chip {
  /** What was printed, line by line. */
  readonly lines: string[] = []
  private readonly folder = mkdtempSync(path.join(tmpdir(), "motewire-vm-"))
  private run: ChildProcess | undefined
  private partial = ""

  constructor(
    readonly interpreter: Interpreter,
    private readonly limits: Record<string, string> = {},
  ) {}

  /** Writes Storage files of byte strings, by a run of its own: boot code runs before anything else can. */
  async install(files: Record<string, string>): Promise<void> {
    const writes = Object.entries(files).map(([name, bytes]) => `S.write(${literal(name)},${literal(bytes)});`)
    const code = ["echo(0);", 'var S=require("Storage");', ...writes, "setTimeout(quit,0);"]
    this.runScript(code.join("\n"))
    await eventually(
      () => this.run!.exitCode !== null,
      () => `the end of the installation:\n${this.log()}`,
    )
    this.lines.length = 0
  }

  /** Runs `.boot0` and `.bootcde`, as power does on the chip, and stays at the prompt. */
  boot(): void {
    this.start([])
  }

  /** Runs a script of byte text instead of the boot code. */
  runScript(code: string): void {
    writeFileSync(path.join(this.folder, "script.js"), code, "latin1")
    this.start(["script.js"])
  }

  /** Takes the power away, wherever the program is. What it had printed and written to Storage until then is there. */
  async kill(): Promise<void> {
    const { run } = this
    run?.kill("SIGKILL")
    await eventually(
      () => !run || run.signalCode !== null || run.exitCode !== null,
      () => `the end of the interpreter:\n${this.log()}`,
    )
    this.partial = ""
  }

  /** Waits for a line, the `nth` that matches. */
  async printed(pattern: RegExp, withinMs = 8000, nth = 1): Promise<string> {
    const match = () => this.lines.filter((line) => pattern.test(line))[nth - 1]
    await eventually(
      () => match() !== undefined,
      () => `${pattern} in:\n${this.log()}`,
      withinMs,
    )
    return match()!
  }

  log(): string {
    return this.lines.join("\n")
  }

  close(): void {
    this.run?.kill("SIGKILL")
    rmSync(this.folder, { recursive: true, force: true })
  }

  private start(args: string[]): void {
    this.run?.kill("SIGKILL")
    const env = { ...process.env, ...CHIP_LIMITS, ...this.limits }
    // stdin stays an open pipe: at its end the interpreter reads garbage, and closed it makes the first socket fd 0.
    // Nothing is written to it: the thread that reads it races with the interpreter while a socket is open.
    this.run = spawn(this.interpreter.file, args, { cwd: this.folder, env, stdio: ["pipe", "pipe", "ignore"] })
    this.run.stdout!.setEncoding("latin1").on("data", (text: string) => this.take(text))
  }

  private take(text: string): void {
    const parts = (this.partial + text).replaceAll("\r", "").split("\n")
    this.partial = parts.pop()!
    this.lines.push(...parts.filter((line) => line.trim()))
  }
}

/** Source text of a byte string, in ASCII. */
function literal(bytes: string): string {
  const escape = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`
  return `"${bytes.replace(/[^ !#-[\]-~]/g, escape)}"`
}
