import type { SerialLine } from "../serial/port"
import type { Found } from "./builds"
import { ConsoleLines } from "./console-lines"
import { isTyped } from "./frames"
import { levelOf, restartOf } from "./levels"
import type { Places } from "./places"
import type { MonitorEvent, MonitorRecord } from "./record"
import { isAnswer, question, type Running } from "./running"
import { Traces, type Said } from "./traces"

/** A trace is whole when nothing more of it came for so long: at 115200 baud a line takes 9 ms. */
const QUIET_MS = 120
/** A chip that is idle answers at once. A program that blocks answers later: then its trace is shown as it came. */
const ANSWER_WITHIN_MS = 2500
/** The XON of a chip that asked for a pause may be lost. */
const XOFF_AT_MOST_MS = 2000

const SILENT = "the board does not say what it runs, which it does when it is idle: this trace is not translated"

export interface Hearing {
  tell(record: MonitorRecord): void
  /** The build that a board runs; asked for each trace. Without it no board is asked what it runs. */
  find?(running: Running): Promise<Found>
  nowMs(): number
}

/** One cable while it is in: what the board says becomes records, what is typed is sent. */
export class Listener {
  private readonly lines = new ConsoleLines()
  private readonly traces = new Traces()
  private readonly echoes: string[] = []
  private hasEchoed = false
  private telling = Promise.resolve()
  private quiet: NodeJS.Timeout | undefined
  /** When the trace began that is not whole yet; 0 for none. */
  private traceAtMs = 0
  private running: Promise<Running | undefined> | undefined
  private onAnswer: (line: string) => void = () => {}
  private giveUp = () => {}
  private isOver = false
  private isPaused = false
  private resume = () => {}
  private saidWhy = ""

  constructor(
    readonly line: SerialLine,
    private readonly hearing: Hearing,
  ) {
    line.onData((bytes) => this.take(bytes))
  }

  /** All that was typed came back, and the board waits for more. */
  get hasAnswered(): boolean {
    return this.echoes.length === 0 && (this.lines.row === ">" || this.lines.row === ":")
  }

  /** Finds out what runs before a trace comes, and says so. */
  async introduce(): Promise<void> {
    const running = this.hearing.find && (await this.ask())
    const found = running && (await this.hearing.find!(running))
    if (!found || this.isOver) return
    // Not before a trace that has begun.
    const timeMs = this.traceAtMs || this.hearing.nowMs()
    this.telling = this.telling.then(() => this.explainFound(found, timeMs))
    await this.telling
  }

  /** A line for the board's prompt; its echo is not told. The tab key would ask for completions. */
  async type(line: string): Promise<void> {
    const bytes = Buffer.from(line.replaceAll("\t", "  ")).toString("latin1")
    if (bytes) this.echoes.push(bytes)
    await this.send(`${bytes}\n`)
  }

  async send(bytes: string): Promise<void> {
    if (this.isPaused) await this.resumed()
    this.line.write(bytes)
  }

  /** The cable is out, or will be: all that was heard is told. */
  async settled(): Promise<void> {
    clearTimeout(this.quiet)
    this.isOver = true
    const { row } = this.lines
    if (row && !/^[>:]/.test(row)) this.onLine(row)
    this.flush()
    this.giveUp()
    await this.telling
  }

  private take(bytes: string): void {
    for (const [char] of bytes.matchAll(/[\x11\x13]/g)) this.isPaused = char === "\x13"
    if (!this.isPaused) this.resume()
    for (const line of this.lines.take(bytes)) this.onLine(line)
    clearTimeout(this.quiet)
    this.quiet = setTimeout(() => this.flush(), QUIET_MS)
  }

  private resumed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.resume(), XOFF_AT_MOST_MS)
      this.resume = () => {
        clearTimeout(timer)
        this.isPaused = false
        resolve()
      }
    })
  }

  private onLine(line: string): void {
    if (isAnswer(line)) return this.onAnswer(line)
    if (this.isEcho(line)) return
    // Another program may run from here on.
    if (restartOf(line) !== undefined || line.startsWith("motewire: ")) this.running = undefined
    const atMs = this.hearing.nowMs()
    for (const said of this.traces.take(line)) this.queue(said, atMs)
    if (this.traces.isOpen) this.traceAtMs ||= atMs
  }

  /** Behind the prompt, or behind a colon where the line before was not whole; the first prompt was there before us. */
  private isEcho(line: string): boolean {
    const isPrompt = (text: string) => text === ">" || text === ":" || (text === "" && !this.hasEchoed)
    const at = this.echoes.findIndex(
      (echo) => line.endsWith(echo) && isPrompt(line.slice(0, line.length - echo.length)),
    )
    this.hasEchoed ||= at >= 0
    // Those before it had no echo: the board was silent for them.
    if (at >= 0) this.echoes.splice(0, at + 1)
    return at >= 0
  }

  private flush(): void {
    for (const said of this.traces.flush()) this.queue(said, this.hearing.nowMs())
  }

  private queue(said: Said, nowMs: number): void {
    const timeMs = (said.kind === "trace" && this.traceAtMs) || nowMs
    if (said.kind === "trace") this.traceAtMs = 0
    // Asked at once: a board that fails at its start has half a second before it starts anew.
    const asked = said.kind === "trace" && this.hearing.find ? this.ask() : undefined
    this.telling = this.telling.then(() => this.tell(said, timeMs, asked))
  }

  private async tell(said: Said, timeMs: number, asked?: Promise<Running | undefined>): Promise<void> {
    if (said.kind === "line") return this.tellLine(said.text, timeMs)
    const places = asked && (await this.placesFor(await asked, timeMs))
    const frames = said.frames.map((chip) => ({ chip, place: places?.of(chip) }))
    const isKnown = frames.some(({ chip, place }) => place || isTyped(chip))
    const likely = isKnown ? undefined : places?.likely(said.head)
    const level = said.head ? "error" : "info"
    this.hearing.tell({ timeMs, kind: "trace", level, text: said.head, frames, likely, raw: said.raw })
  }

  private tellLine(text: string, timeMs: number): void {
    const reason = restartOf(text)
    if (reason) this.event(timeMs, "warn", "restart", `the board starts anew: ${reason}`)
    this.hearing.tell({ timeMs, kind: "line", level: levelOf(text), text })
  }

  private event(timeMs: number, level: "info" | "warn", event: MonitorEvent, text: string): void {
    this.hearing.tell({ timeMs, kind: "event", level, event, text })
  }

  /** What is said stands above the trace that it is about, and has its time. */
  private async placesFor(running: Running | undefined, timeMs: number): Promise<Places | undefined> {
    if (!running) {
      if (!this.isOver) this.explain(SILENT, "warn", timeMs)
      return undefined
    }
    const found = await this.hearing.find!(running)
    this.explainFound(found, timeMs)
    return "why" in found ? undefined : found.places
  }

  private explainFound(found: Found, timeMs: number): void {
    if ("why" in found) return this.explain(found.why, "warn", timeMs)
    const { device, from } = found.build
    this.explain(`the board runs ${device} as in ${from}: traces are translated`, "info", timeMs)
  }

  /** Once, until there is something else to say. */
  private explain(text: string, level: "info" | "warn", timeMs: number): void {
    if (text !== this.saidWhy) this.event(timeMs, level, "build", text)
    this.saidWhy = text
  }

  /** Once for each start of the board that it answers to. */
  private ask(): Promise<Running | undefined> {
    const asking = (this.running ??= this.askNow())
    void asking.then((running) => !running && this.running === asking && (this.running = undefined))
    return asking
  }

  private askNow(): Promise<Running | undefined> {
    // What is typed there by half would take the question for its rest.
    if (this.lines.row !== "" && this.lines.row !== ">") return Promise.resolve(undefined)
    const { line, answer } = question()
    return new Promise((resolve) => {
      const done = (running?: Running) => {
        clearTimeout(timer)
        resolve(running)
      }
      const timer = setTimeout(done, ANSWER_WITHIN_MS)
      this.giveUp = done
      this.onAnswer = (heard) => {
        const running = answer(heard)
        if (running) done(running)
      }
      void this.send(line)
    })
  }
}
