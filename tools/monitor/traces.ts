import { CARET, frameOf, type ChipFrame } from "./frames"

/** What a console says, as far as lines alone tell. */
export type Said =
  | { kind: "line"; text: string }
  /** `head` is the error's own words, none for `console.trace`; `raw` are all its lines. */
  | { kind: "trace"; head: string; frames: ChipFrame[]; raw: string[] }

const HEAD = /^>?(?:Uncaught |OUT OF MEMORY)/
/** Memory ran out in the middle of something, so no line ends in front of its frames. */
const HEAD_AND_FRAME = /^>?(OUT OF MEMORY)( {4}at .*)$/
/** Lines of a message that has line breaks. */
const MAX_HEAD_LINES = 8

/** Takes the lines of a console, and finds the traces among them. */
export class Traces {
  private head: string[] = []
  private frames: ChipFrame[] = []
  private raw: string[] = []
  /** What must come next below a frame. */
  private awaited: "excerpt" | "caret" | undefined

  /** A trace has begun that may go on. */
  get isOpen(): boolean {
    return this.raw.length > 0
  }

  take(line: string): Said[] {
    const [, head, frame] = HEAD_AND_FRAME.exec(line) ?? []
    if (head !== undefined) return [...this.begin(head), ...this.take(frame!)]
    if (this.awaited === "excerpt" && !frameOf(line)) return this.onExcerpt(line)
    if (this.awaited === "caret" && CARET.test(line)) return this.onCaret(line)
    this.awaited = undefined
    if (frameOf(line)) return this.onFrame(line)
    if (HEAD.test(line)) return this.begin(line.replace(/^>/, ""))
    if (this.head.length && !this.frames.length && this.head.length < MAX_HEAD_LINES) return this.onHead(line)
    return [...this.flush(), { kind: "line", text: line }]
  }

  /** Nothing more is coming for now: what is there is whole. */
  flush(): Said[] {
    const { head, frames, raw } = this
    this.head = []
    this.frames = []
    this.raw = []
    this.awaited = undefined
    if (frames.length) return [{ kind: "trace", head: head.join("\n"), frames, raw }]
    // Without a trace, lines behind the first are somebody else's.
    const [first, ...others] = head
    if (first === undefined) return []
    return [
      { kind: "trace", head: first, frames, raw: [first] },
      ...others.map((text) => ({ kind: "line" as const, text })),
    ]
  }

  private begin(head: string): Said[] {
    const before = this.flush()
    this.onHead(head)
    return before
  }

  private onHead(line: string): Said[] {
    this.head.push(line)
    this.raw.push(line)
    return []
  }

  private onFrame(line: string): Said[] {
    const { frame, calleeName } = frameOf(line)!
    this.raw.push(line)
    const last = this.frames.at(-1)
    if (last && calleeName !== undefined) last.name = calleeName
    if (frame) this.frames.push(frame)
    this.awaited = frame && "excerpt"
    return []
  }

  private onExcerpt(line: string): Said[] {
    this.raw.push(line)
    this.frames.at(-1)!.excerpt = line
    this.awaited = "caret"
    return []
  }

  private onCaret(line: string): Said[] {
    this.raw.push(line)
    this.frames.at(-1)!.caret = line.trimEnd().length
    this.awaited = undefined
    return []
  }
}
