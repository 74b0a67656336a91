/** A line at the wrong speed is noise without an end. */
const MAX_ROW_CHARS = 4000

/** What the firmware's line editor sends besides text: a terminal's row, as far as one row goes. */
export class ConsoleLines {
  /** The row that has no end yet: a prompt, and what is typed at it. */
  row = ""
  private cursor = 0
  private escape: string | undefined

  /** The rows that these bytes complete. */
  take(bytes: string): string[] {
    const done: string[] = []
    for (const char of bytes) this.put(char, done)
    return done
  }

  private put(char: string, done: string[]): void {
    if (this.escape !== undefined) return this.onEscape(char)
    if (char === "\n" || this.row.length >= MAX_ROW_CHARS) this.end(done)
    if (char === "\r") this.cursor = 0
    else if (char === "\b") this.cursor = Math.max(0, this.cursor - 1)
    else if (char === "\x1b") this.escape = ""
    else if (char >= " " || char === "\t") this.write(char)
  }

  private end(done: string[]): void {
    done.push(this.row)
    this.row = ""
    this.cursor = 0
  }

  private write(char: string): void {
    this.row = this.row.slice(0, this.cursor).padEnd(this.cursor) + char + this.row.slice(this.cursor + 1)
    this.cursor++
  }

  /** `ESC [ NUMBERS LETTER`; any other key of two is left out. */
  private onEscape(char: string): void {
    this.escape += char
    if (/^\[[\d;?]{0,20}$/.test(this.escape!)) return
    const letter = this.escape!.startsWith("[") ? char : ""
    this.escape = undefined
    if (letter === "J" || letter === "K") this.row = this.row.slice(0, this.cursor)
    if (letter === "C") this.cursor++
    if (letter === "D") this.cursor = Math.max(0, this.cursor - 1)
  }
}
