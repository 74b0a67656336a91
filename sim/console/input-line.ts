/** What a terminal understands, and the firmware sends. */
const LEFT = "\x1b[D"
const RIGHT = "\x1b[C"
const UP = "\x1b[A"
const DOWN = "\x1b[B"
const ERASE_BEHIND = "\x1b[J"
const BACK = "\b"
/** Longer lines are not kept (jsiHistoryAddLine). */
const MAX_HISTORY_CHARS = 500

/**
 * The line that is being typed, with its cursor and history, and the bytes that keep a terminal equal to it
 * (src/jsinteractive.c, Espruino 2v29). `echo` takes those bytes; whoever owns the line decides whether they are shown.
 */
export class InputLine {
  text = ""
  cursor = 0
  private history: string[] = []

  constructor(private readonly echo: (bytes: string) => void) {}

  isEmpty(): boolean {
    return this.text === ""
  }

  clear(): void {
    this.text = ""
    this.cursor = 0
  }

  /** Only space stands between the cursor and the end. */
  isAtEnd(): boolean {
    return this.text.slice(this.cursor).trim() === ""
  }

  insert(text: string): void {
    const behind = this.text.slice(this.cursor)
    this.text = this.text.slice(0, this.cursor) + text + behind
    if (behind) this.echoRest(this.cursor)
    this.cursor += text.length
    this.echo(text)
  }

  /** A new line at the end, or one that splits the text. */
  newLine(): void {
    if (this.isAtEnd()) {
      this.echo("\r\n:")
      this.text += "\n"
      this.cursor++
      return
    }
    this.echo(ERASE_BEHIND)
    this.text = `${this.text.slice(0, this.cursor)}\n${this.text.slice(this.cursor)}`
    this.echo(continued(this.text.slice(this.cursor)))
    this.moved(this.text.length, this.cursor + 1)
    this.cursor++
  }

  delete(isBackspace: boolean): void {
    const at = isBackspace ? this.cursor - 1 : this.cursor
    if (at < 0 || at >= this.text.length) return
    const isNewLine = this.text[at] === "\n"
    if (isNewLine) this.echo(ERASE_BEHIND)
    if (isNewLine && isBackspace) {
      this.echo("\b ")
      this.moved(this.cursor, at)
    }
    this.text = this.text.slice(0, at) + this.text.slice(at + 1)
    this.cursor = at
    if (isNewLine) {
      this.echo(continued(this.text.slice(at)))
      this.moved(this.text.length, at)
    } else {
      if (isBackspace) this.echo(BACK)
      this.echoRest(at)
    }
  }

  left(): void {
    if (this.cursor === 0 || this.text[this.cursor - 1] === "\n") return
    this.cursor--
    this.echo(LEFT)
  }

  right(): void {
    if (this.cursor === this.text.length || this.text[this.cursor] === "\n") return
    this.cursor++
    this.echo(RIGHT)
  }

  home(): void {
    for (; this.cursor > 0 && this.text[this.cursor - 1] !== "\n"; this.cursor--) this.echo(BACK)
  }

  end(): void {
    for (; this.cursor < this.text.length && this.text[this.cursor] !== "\n"; this.cursor++)
      this.echo(this.text[this.cursor])
  }

  toStart(): void {
    this.moved(this.cursor, 0)
    this.cursor = 0
  }

  toEnd(): void {
    this.moved(this.cursor, this.text.length)
    this.cursor = this.text.length
  }

  /** Through the history where the cursor stands at the end of nothing new, and through the lines of the text elsewhere. */
  up(): void {
    if (this.isOfHistory()) this.recall(-1)
    else this.toLine(-1)
  }

  down(): void {
    if (this.isOfHistory()) this.recall(1)
    else this.toLine(1)
  }

  remember(line: string): void {
    if (line === "" || line.length > MAX_HISTORY_CHARS) return
    this.history = [...this.history.filter((each) => each !== line), line]
  }

  /** The bytes that take the line off the terminal, prompt included. */
  removal(): string {
    return `${moves(this.text, this.cursor, 0)}\r${ERASE_BEHIND}`
  }

  /** The bytes that put it back behind a prompt. */
  restored(): string {
    return continued(this.text) + moves(this.text, this.text.length, this.cursor)
  }

  private isOfHistory(): boolean {
    return this.cursor === this.text.length && (this.text === "" || this.history.includes(this.text))
  }

  private recall(direction: -1 | 1): void {
    const at = this.history.indexOf(this.text)
    const line = at < 0 ? (direction < 0 ? this.history.at(-1) : undefined) : this.history[at + direction]
    if (line === undefined && direction < 0) return
    this.moved(this.cursor, 0)
    this.echo(ERASE_BEHIND)
    this.text = line ?? ""
    this.cursor = this.text.length
    this.echo(continued(this.text))
  }

  private toLine(direction: -1 | 1): void {
    const lines = this.text.split("\n")
    const [row, column] = placeOf(this.text, this.cursor)
    const target = Math.min(lines.length - 1, Math.max(0, row + direction))
    const start = lines.slice(0, target).reduce((sum, line) => sum + line.length + 1, 0)
    const cursor = start + Math.min(column, lines[target].length)
    this.moved(this.cursor, cursor)
    this.cursor = cursor
  }

  private moved(from: number, to: number): void {
    this.echo(moves(this.text, from, to))
  }

  /** To the end of this row, a space over what was there before, and back. */
  private echoRest(from: number): void {
    const rest = this.text.slice(from).split("\n")[0]
    this.echo(`${rest} ${BACK.repeat(rest.length + 1)}`)
  }
}

const continued = (text: string) => text.replaceAll("\n", "\r\n:")

function placeOf(text: string, at: number): [row: number, column: number] {
  const before = text.slice(0, at).split("\n")
  return [before.length - 1, before.at(-1)!.length]
}

function moves(text: string, from: number, to: number): string {
  const [fromRow, fromColumn] = placeOf(text, from)
  const [toRow, toColumn] = placeOf(text, to)
  const across = (toColumn > fromColumn ? RIGHT : LEFT).repeat(Math.abs(toColumn - fromColumn))
  return across + (toRow > fromRow ? DOWN : UP).repeat(Math.abs(toRow - fromRow))
}
