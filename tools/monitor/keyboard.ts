import { clearScreenDown, createInterface, cursorTo, moveCursor, type Interface } from "node:readline"
import { PassThrough } from "node:stream"

const CTRL_C = "\x03"
const CTRL_T = "\x14"
const CTRL_Z = "\x1a"
/** What ends ESP-IDF's monitor. */
const CTRL_CLOSING_BRACKET = "\x1d"

/** Lines that fit into 80 columns behind the time. */
export const KEYS_HELP = [
  "Ctrl-C or Ctrl-] ends the monitor; Ctrl-Z stops it until fg",
  "Ctrl-T then r resets the board, c sends it Ctrl-C, h is help",
]

export interface KeyActions {
  /** A line for the board. */
  type(line: string): void
  /** Presses the board's reset button. */
  reset(): void
  /** Ctrl-C for the board. */
  interrupt(): void
  help(): void
  quit(): void
}

/** What follows Ctrl-T, as in ESP-IDF's monitor: the letter, or the same with Ctrl. */
const MENU: Record<string, Exclude<keyof KeyActions, "type">> = {
  ...{ r: "reset", "\x12": "reset", c: "interrupt", [CTRL_C]: "interrupt" },
  ...{ h: "help", "\b": "help", "?": "help", x: "quit", "\x18": "quit" },
}

type Screen = NodeJS.WriteStream

/** A terminal: what is told stands above the line that is being typed, which is edited here and sent whole. */
export class Keyboard {
  private readonly keys = new PassThrough()
  private readonly line: Interface
  private isMenu = false
  private readonly onData = (bytes: Buffer) => this.take(bytes.toString("utf8"))

  constructor(
    private readonly actions: KeyActions,
    private readonly input: NodeJS.ReadStream = process.stdin,
    private readonly screen: Screen = process.stdout,
  ) {
    this.line = createInterface({ input: this.keys, output: screen, terminal: true, prompt: "> ", tabSize: 4 })
    this.line.on("line", (text) => (actions.type(text), this.line.prompt()))
    // Ctrl-D on an empty line.
    this.line.on("close", () => actions.quit())
    input.setRawMode(true).resume().on("data", this.onData)
    this.line.prompt()
  }

  show(lines: string[]): void {
    moveCursor(this.screen, 0, -this.line.getCursorPos().rows)
    cursorTo(this.screen, 0)
    clearScreenDown(this.screen)
    this.screen.write(lines.map((text) => `${text}\n`).join(""))
    // It is drawn anew below, wherever it was.
    Object.assign(this.line, { prevRows: 0 })
    this.line.prompt(true)
  }

  /** The terminal is as it was. */
  close(): void {
    this.line.removeAllListeners("close").close()
    cursorTo(this.screen, 0)
    clearScreenDown(this.screen)
    this.input.off("data", this.onData).setRawMode(false).pause()
  }

  private take(text: string): void {
    let rest = ""
    for (const char of text) {
      if (this.isMenu) this.choose(char)
      else if (char === CTRL_C || char === CTRL_CLOSING_BRACKET) return this.actions.quit()
      else if (char === CTRL_T) this.isMenu = true
      else if (char === CTRL_Z) this.suspend()
      else rest += char
    }
    if (rest) this.keys.write(rest)
  }

  private choose(char: string): void {
    this.isMenu = false
    this.actions[MENU[char.toLowerCase()] ?? "help"]()
  }

  /** Gives the terminal back while the shell has it, and takes it again on `fg`. */
  private suspend(): void {
    this.input.setRawMode(false)
    process.once("SIGCONT", () => {
      this.input.setRawMode(true)
      this.line.prompt(true)
    })
    process.kill(process.pid, "SIGTSTP")
  }
}
