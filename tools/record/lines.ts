import { crc32 } from "node:zlib"
import { LINE_CHARS, LINE_NUMBERS } from "../../src/hal/espruino/record/recorder"

const LINE = /@@(\d+) (\d+) (.*)$/
/** Before a line the firmware's prompt is wiped out and drawn anew. */
const CONTROLS = /[\x00-\x08\x0b-\x1f]|\x1b\[[\d;]*[A-Za-z]/g

/** What a reader of the console is told. */
interface LinesEvents {
  /** One record: a letter and its fields. */
  onRecord(record: string): void
  /** Whatever else was printed: the firmware's own words. */
  onNoise(text: string): void
  /** The stream ends here: why, for a person to read. */
  onBreak(why: string): void
}

/** Takes a board's console apart: src/hal/espruino/record/recorder.ts says what it prints. */
export class Lines {
  /** Of the recorder, so far. */
  count = 0
  private partial = ""
  private stream = ""
  private next: number | undefined
  /** A full line may go on in the next one. */
  private isWhole = true
  private isBroken = false

  constructor(private readonly events: LinesEvents) {}

  take(bytes: string): void {
    const lines = (this.partial + bytes).split("\n")
    this.partial = lines.pop()!
    for (const line of lines) this.line(line.replaceAll(CONTROLS, ""))
  }

  /** No more will come: what was cut off is left out. */
  end(): void {
    if (this.isWhole && !this.isBroken) this.cut(true)
  }

  private line(line: string): void {
    const [, number, sum, text] = LINE.exec(line) ?? []
    if (text === undefined) {
      if (line.trim()) this.events.onNoise(line)
      return
    }
    this.count++
    const isSound = (crc32(Buffer.from(text, "latin1")) & 0xffff) === Number(sum)
    if (isSound && text.startsWith("\tB")) this.begin()
    else if (this.next === undefined || this.isBroken) return
    else if (!isSound) return this.break(`line ${number} of the console was spoilt on its way`)
    else if (Number(number) !== this.next) return this.break(missing(this.next, Number(number)))
    this.next = (Number(number) + 1) % LINE_NUMBERS
    this.stream += text
    this.isWhole = text.length < LINE_CHARS
    this.cut(false)
  }

  /** The board started anew. What it had not printed by then is gone. */
  private begin(): void {
    if (this.next !== undefined && !this.isBroken) this.end()
    this.stream = ""
    this.isBroken = false
  }

  /** Hands on what is complete: of edges, more may follow in the next line. */
  private cut(isAll: boolean): void {
    const records = this.stream.split("\t")
    const last = isAll ? "" : records.pop()!
    this.stream = last && `\t${last}`
    for (const record of records) if (record) this.events.onRecord(record)
  }

  private break(why: string): void {
    this.cut(this.isWhole)
    this.isBroken = true
    this.events.onBreak(why)
  }
}

function missing(expected: number, got: number): string {
  const count = (got - expected + LINE_NUMBERS) % LINE_NUMBERS
  return count === 1 ? `line ${expected} of the console is missing` : `${count} lines of the console are missing`
}
