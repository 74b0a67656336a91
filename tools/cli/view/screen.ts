/** The terminal as a screen: alternate buffer, hidden cursor, only changed lines rewritten. */
export interface Terminal {
  columns?: number
  rows?: number
  write(text: string): unknown
}

// DECSET 1049 alternate buffer, 25 cursor, 7 auto-wrap (a full last column must not scroll), 2026 synchronized output.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
const BEGIN = "\x1b[?2026h"
const END = "\x1b[?2026l"

export class Screen {
  private shown: string[] = []
  private isOpen = false
  constructor(private readonly terminal: Terminal) {}

  get size(): { columns: number; rows: number } {
    return { columns: this.terminal.columns ?? 80, rows: this.terminal.rows ?? 24 }
  }

  open(): void {
    if (this.isOpen) return
    this.isOpen = true
    this.shown = []
    this.terminal.write(ENTER)
  }

  /** Restores what was there before; may be called twice, and from an exit handler. */
  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.terminal.write(LEAVE)
  }

  draw(lines: string[]): void {
    if (!this.isOpen) return
    const changed = lines.flatMap((line, row) => (line === this.shown[row] ? [] : [`\x1b[${row + 1};1H\x1b[0m${line}`]))
    this.shown = lines
    if (changed.length > 0) this.terminal.write(`${BEGIN}${changed.join("")}${END}`)
  }

  /** After a resize nothing on the screen is where it was. */
  forget(): void {
    this.shown = []
    if (this.isOpen) this.terminal.write("\x1b[0m\x1b[2J")
  }
}
