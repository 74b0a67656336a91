import { readFileSync } from "node:fs"
import { createServer, type AddressInfo, type Server, type Socket } from "node:net"
import { encodeSettings } from "../../src/device/settings"
import type { SettingsRecord } from "../../src/device/settings-schema"
import { crc32 } from "../../src/util/crc32"
import { pretokenise } from "../../tools/build/pretokenise"
import { buildProgram } from "../../tools/build/program"
import { eventually } from "./eventually"
import { Chip, type Interpreter } from "./interpreter"

const FAKES = readFileSync("test/vm/fakes.js", "latin1")

/** A recorded board waits for whoever records it. */
const BOOT_WITHIN_MS = 30_000

const built = new Map<string, Promise<string>>()

/** The bytes that `motewire build` writes for a program: the bundle. */
export function bundleOf(program: string, record = false): Promise<string> {
  const key = `${program} ${record}`
  const known = built.get(key) ?? buildProgram(program, { record }).then(({ code }) => code)
  built.set(key, known)
  return known
}

/** The bytes that `motewire flash` puts on a board: the bundle's words, strings and integers as the interpreter's own. */
export const tokensOf = async (program: string): Promise<string> => pretokenise(await buildProgram(program)).code

export interface BoardOptions {
  port: number
  settings: SettingsRecord["s"]
  limits?: Record<string, string>
  /** Scripts of parts (test/vm/parts) that run behind fakes.js. */
  fakes?: readonly string[]
  /** With the recorder in the bundle: what the program says then stands in its lines. */
  record?: boolean
  /** The pretokenised form of the bundle. */
  tokens?: boolean
  /** The broker's password, and a user of its name. */
  password?: string
}

/** A chip with fakes.js on it, which dials back to be asked. */
export class Board {
  private line: Socket | undefined
  private answers = ""

  private constructor(
    readonly chip: Chip,
    private readonly server: Server,
  ) {
    server.on("connection", (line) => {
      this.line = line.setNoDelay().setEncoding("latin1")
      line.on("data", (text: string) => (this.answers += text)).on("error", () => {})
    })
  }

  /** Storage as `motewire flash` leaves it, the bundle unchanged in .bootcde and the settings beside it, plus the fakes. */
  static async boot(interpreter: Interpreter, program: string, options: BoardOptions): Promise<Board> {
    const id = program.replace(/.*\/|\.ts$/g, "")
    const { port, settings, password } = options
    const login = password === undefined ? {} : { user: id, pw: password }
    const record = { id, ssid: "workshop", pass: "secret-word", host: "127.0.0.1", port, ...login, s: settings }
    const code = options.tokens ? await tokensOf(program) : await bundleOf(program, options.record)
    const files = { ".bootcde": code, "mw.a": encodeSettings(record, 1, crc32) }
    return Board.start(interpreter, files, options.limits, options.fakes)
  }

  /** With no program: what the fakes hold is no part of a program's memory. */
  static bootFakes(interpreter: Interpreter, fakes: readonly string[] = []): Promise<Board> {
    return Board.start(interpreter, {}, {}, fakes)
  }

  private static async start(
    interpreter: Interpreter,
    files: Record<string, string>,
    limits = {},
    fakes: readonly string[] = [],
  ): Promise<Board> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const chip = new Chip(interpreter, limits)
    const board = new Board(chip, server)
    const ownPort = `var RIG_PORT=${(server.address() as AddressInfo).port};\n`
    const parts = fakes.map((name) => readFileSync(`test/vm/parts/${name}.js`, "latin1"))
    await chip.install({ ".boot0": [ownPort + FAKES, ...parts].join("\n"), ...files })
    chip.boot()
    await eventually(
      () => board.line !== undefined,
      () => `the chip to boot:\n${chip.log()}`,
      BOOT_WITHIN_MS,
    )
    // The first answer makes properties of the socket that stay: it must not count as growth.
    await board.ask("0")
    return board
  }

  /** Runs an expression on the chip, between two of its callbacks, and returns its value. */
  async ask<T = number>(expression: string, withinMs = 5000): Promise<T> {
    this.answers = ""
    this.line!.write(`${expression}\n`)
    await eventually(
      () => this.answers.endsWith("\n"),
      () => `an answer to ${expression}:\n${this.chip.log()}`,
      withinMs,
    )
    return JSON.parse(this.answers) as T
  }

  log(): string {
    return this.chip.log()
  }

  printed(pattern: RegExp, withinMs?: number, nth?: number): Promise<string> {
    return this.chip.printed(pattern, withinMs, nth)
  }

  close(): void {
    this.chip.close()
    this.line?.destroy()
    this.server.close()
  }
}
