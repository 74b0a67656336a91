import { setTimeout as sleep } from "node:timers/promises"
import { Failure } from "../failure"
import type { SerialLine } from "../serial/port"

const CTRL_C = "\x03"
/** At a line's beginning: no echo of this line. */
const DLE = "\x10"
const XON = "\x11"
const XOFF = "\x13"
/** An XON that was lost on the way must not stop everything. */
const XOFF_AT_MOST_MS = 2000
/** The chip asks for a pause when 3 of its 4 KB are full; so much is on its way by then at most. */
const PIECE_BYTES = 256

/** A byte may be lost: a line that was spoilt does nothing, and every question may be asked again. */
const ASK_TRIES = 2
/** A chip that is idle answers at once, one in the middle of a packet within 5 s. */
export const PATIENCE_MS = 7000

const DEBUGGER = /debug>/

const FIRMLY = `${DLE}try{require("Storage").erase(".bootrst")}catch(e){}reset();\n`

const ANSWER_WITHIN_MS = 3000

/** The board did not answer in time. */
export class Silence extends Error {}
/** The cable is gone. */
export class Unplugged extends Failure {}

/** What a board says between two looks at it. */
type Look = (heard: string) => boolean

/** The console of a board whose program may go on running: answers are picked out of what it prints. */
export class BoardConsole {
  /** All that came since `forget`, without flow control. */
  heard = ""
  private isClosed = false
  private isPaused = false
  /** Answers to whoever asked before, who may not have waited, are not ours. */
  private count = Math.floor(Math.random() * 1e6)
  private wake = () => {}

  constructor(
    readonly line: SerialLine,
    private readonly name: string,
  ) {
    line.onData((bytes) => this.take(bytes))
    line.onClose(() => {
      this.isClosed = true
      this.wake()
    })
  }

  /** The value of an expression on the chip, by JSON. */
  async ask<T>(expression: string, withinMs = ANSWER_WITHIN_MS): Promise<T> {
    for (let tries = ASK_TRIES; ; tries--) {
      const answer = await this.askOnce<T>(expression, withinMs)
      if (answer?.error !== undefined) throw new Failure(`${this.name} says: ${answer.error}`)
      if (answer) return answer.value
      if (tries === 1 || !(await this.knock(PATIENCE_MS))) throw new Silence(`no answer from ${this.name}`)
    }
  }

  private async askOnce<T>(expression: string, withinMs: number): Promise<{ value: T; error?: string } | undefined> {
    const question = this.question(expression)
    await this.send(question.text)
    if (!(await this.until(() => question.answer() !== undefined, withinMs))) return undefined
    try {
      return JSON.parse(question.answer()!) as { value: T; error?: string }
    } catch {
      // Cut short by a debugger, or mixed with what was typed.
      return undefined
    }
  }

  /** Waits until `look` is content with what was heard; false when it was not in time. */
  async until(look: Look, withinMs: number): Promise<boolean> {
    const untilMs = performance.now() + withinMs
    for (;;) {
      if (look(this.heard)) return true
      if (this.isClosed)
        throw new Unplugged(`${this.name} is gone: was the board unplugged? Plug it in and flash again.`)
      const leftMs = untilMs - performance.now()
      if (leftMs <= 0) return false
      await this.next(leftMs)
    }
  }

  forget(): void {
    this.heard = ""
  }

  async send(bytes: string): Promise<void> {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      await this.until(() => !this.isPaused, XOFF_AT_MOST_MS)
      this.isPaused = false
      this.line.write(bytes.slice(from, from + PIECE_BYTES))
    }
  }

  /**
   * An answer at a prompt, whatever the board is in: our XON ends a pause that somebody else asked for, Ctrl-C clears what
   * stands in the line, and a packet that was cut off takes all as its own until the chip gives it up after 5 s. A program
   * goes on running.
   */
  async knock(forMs: number, isFirm = false): Promise<boolean> {
    const untilMs = performance.now() + forMs
    for (let count = 0; performance.now() < untilMs; count++) {
      const question = this.question("1")
      // Every other time: Ctrl-C twice would end the interpreter on a computer, and break into a program on other chips.
      await this.send(XON + (count % 2 ? "" : CTRL_C) + this.wayOut(isFirm) + (isFirm ? FIRMLY : "") + question.text)
      const pauseMs = isFirm ? 100 : Math.min(250 * (count + 1), 1000)
      const isAnswered = () => question.answer() !== undefined
      if ((await this.until((heard) => isAnswered() || DEBUGGER.test(heard), pauseMs)) && !DEBUGGER.test(this.heard))
        return true
    }
    return false
  }

  /** Ctrl-C that met a running program stands in the debugger, whose answers are cut short. */
  private wayOut(isFirm: boolean): string {
    if (!DEBUGGER.test(this.heard)) return ""
    this.forget()
    return isFirm ? "quit\n" : "continue\n"
  }

  /** Stops the program, and starts none. */
  async reset(): Promise<void> {
    await this.send(`${DLE}reset();\n`)
    await sleep(50)
    if (!(await this.knock(5000))) throw new Silence(`no answer from ${this.name}`)
  }

  /** The line says nowhere what it prints: an echo of it is no answer. */
  private question(expression: string) {
    const id = ++this.count
    const mark = new RegExp(`<mw:${id}:(.*?):mw>`, "s")
    const safe = `function(){try{return{value:${expression}}}catch(e){return{error:""+e}}}()`
    const text = `${DLE}print("<m"+"w:${id}:"+JSON.stringify(${safe})+":m"+"w>");\n`
    return { text, answer: () => mark.exec(this.heard)?.[1] }
  }

  private take(bytes: string): void {
    for (const [char] of bytes.matchAll(/[\x11\x13]/g)) this.isPaused = char === XOFF
    this.heard += bytes.replace(/[\x11\x13]/g, "")
    this.wake()
  }

  private next(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
