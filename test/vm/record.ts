import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { Board, type BoardOptions } from "./board"
import { eventually } from "./eventually"
import type { Interpreter } from "./interpreter"

export interface Recorded {
  name: string
  program: string
  /** As flash.config.json has them, and as Storage does. */
  written: Record<string, unknown>
  settings: BoardOptions["settings"]
  fakes?: readonly string[]
  password?: string
}

/** A board whose console is a pseudo terminal, and `motewire record` at its other end. */
export class RecordedBoard {
  /** What the command printed, both ways. */
  output = ""
  private readonly folder = mkdtempSync(path.join(tmpdir(), "motewire-record-"))
  private command: ChildProcess | undefined
  board!: Board

  private constructor(private readonly what: Recorded) {}

  static async boot(
    interpreter: Interpreter,
    what: Recorded,
    port: number,
    args: string[] = [],
  ): Promise<RecordedBoard> {
    const recorded = new RecordedBoard(what)
    await recorded.start(interpreter, port, args)
    return recorded
  }

  get program(): string {
    return this.what.program
  }

  get trace(): string {
    return readFileSync(this.file("board.trace"), "utf8")
  }

  file(name: string): string {
    return path.join(this.folder, name)
  }

  /** Ctrl-C; gives the exit code. */
  async end(): Promise<number | null> {
    this.command!.kill("SIGINT")
    return this.ended()
  }

  async ended(): Promise<number | null> {
    const { command } = this
    await eventually(
      () => command!.exitCode !== null || command!.signalCode !== null,
      () => `motewire record to end:\n${this.output}`,
      20_000,
    )
    return command!.exitCode
  }

  close(): void {
    this.command?.kill("SIGKILL")
    this.board?.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async start(interpreter: Interpreter, port: number, args: string[]): Promise<void> {
    const { program, settings, fakes, password } = this.what
    const tty = this.file("tty")
    this.writeConfig(port)
    const script = this.file("interpreter")
    writeFileSync(script, `#!/bin/sh\nexec python3 ${path.resolve("test/vm/pty.py")} ${tty} ${interpreter.file} "$@"\n`)
    chmodSync(script, 0o755)
    const options = { port, settings, fakes, password, record: true }
    const booting = Board.boot({ ...interpreter, file: script }, program, options)
    const [board] = await Promise.all([booting, this.listen(tty, args)])
    this.board = board
  }

  private async listen(tty: string, args: string[]): Promise<void> {
    await eventually(() => existsSync(tty), "the pseudo terminal", 20_000)
    this.record(["--port", tty, ...args])
    await eventually(
      () => this.output.includes("recording"),
      () => `motewire record to open the port:\n${this.output}`,
      20_000,
    )
    writeFileSync(`${tty}.go`, "")
  }

  private record(args: string[]): void {
    const line = [
      "record",
      this.what.name,
      "--config",
      this.file("flash.config.json"),
      "--out",
      this.file("board.trace"),
    ]
    const env = { ...process.env, WIFI_PASSWORD: "secret-word", MQTT_PASSWORD: this.what.password }
    this.command = spawn(process.execPath, ["tools/motewire.mjs", ...line, ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    })
    for (const stream of [this.command.stdout!, this.command.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text))
  }

  private writeConfig(port: number): void {
    const { name, program, written, password } = this.what
    const login = password === undefined ? {} : { user: name, password: { env: "MQTT_PASSWORD" } }
    const config = {
      network: { ssid: "workshop", password: { env: "WIFI_PASSWORD" } },
      broker: { host: "127.0.0.1", port, ...login },
      devices: { [name]: { board: "esp32-devkitc", program: path.resolve(program), settings: written } },
    }
    writeFileSync(this.file("flash.config.json"), JSON.stringify(config))
  }
}

/** `motewire replay` of a trace; its exit code and words. */
export function replay(file: string, args: string[] = []): { exitCode: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/motewire.mjs", "replay", file, ...args])
  return { exitCode: status, output: `${stdout}${stderr}` }
}
