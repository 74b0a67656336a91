import type { Callee, Interpreter } from "./interpreter"
import type { Phase } from "./loop"
import { COST } from "./memory"

/** 0.1 ms: TIMER_MIN_INTERVAL in src/jsinteractive.h. */
const MIN_US = 100
const MAX_MS = 3_155_760_000_000

interface Timer {
  id: number
  dueUs: number
  /** Undefined for a timeout. */
  everyUs: number | undefined
  callee: Callee
  args: unknown[]
  blocks: number
}

/**
 * setTimeout, setInterval and what changes them. Due timers run in the order of their creation, not of their time, and
 * each once a pass (jsiIdle): after a stall an interval fires pass after pass until it has caught up.
 */
export class Timers implements Phase {
  private list: Timer[] = []
  private lastId = 0
  private cursor = 0
  private passUs = 0
  private hasChanged = false
  /** On a chip whose timers do not run by themselves: the one that was told to. */
  private ticked: Timer | undefined

  /** Its callback runs; it is still there when Ctrl-C ended that from outside. */
  private running: Timer | undefined

  constructor(private readonly interpreter: Interpreter) {
    interpreter.onInterrupted.push(() => this.running && this.end(this.running))
  }

  add(callee: Callee, ms: unknown, args: unknown[], isInterval: boolean): number {
    if (typeof callee !== "function" && typeof callee !== "string")
      throw this.interpreter.error("Error", "Function or String not supplied!")
    if (Number(ms) > MAX_MS) throw this.interpreter.error("Error", "Interval is too long (>100 years)")
    const everyUs = toUs(ms)
    return this.insert({
      dueUs: this.interpreter.localUs + everyUs,
      everyUs: isInterval ? everyUs : undefined,
      callee,
      args,
    })
  }

  /** A timer of the chip itself, such as a debounce: at an instant, and free of blocks. */
  addAt(dueUs: number, run: () => void): number {
    return this.insert({ dueUs, everyUs: undefined, callee: run, args: [] }, 0)
  }

  remove(id: number): void {
    const index = this.list.findIndex((timer) => timer.id === id)
    if (index >= 0) this.interpreter.memory.give(this.list.splice(index, 1)[0].blocks)
    this.hasChanged = true
  }

  removeAll(): void {
    for (const timer of this.list.filter((timer) => timer.blocks)) this.remove(timer.id)
  }

  change(id: number, ms: unknown): void {
    const timer = this.list.find((timer) => timer.id === id)
    if (!timer) throw this.interpreter.error("Error", "Unknown Interval")
    timer.everyUs = toUs(ms)
    timer.dueUs = this.interpreter.localUs + timer.everyUs
    this.touch()
  }

  begin(): void {
    this.passUs = this.interpreter.machine.clock.nowUs
    this.cursor = 0
    this.hasChanged = false
    this.ticked = this.interpreter.takeTick() ? this.earliest() : undefined
  }

  step(): boolean {
    if (this.hasChanged) this.cursor = 0
    this.hasChanged = false
    for (; this.cursor < this.list.length; this.cursor++) {
      const timer = this.list[this.cursor]
      if (!this.isDue(timer)) continue
      this.ticked = undefined
      this.fire(timer)
      this.cursor++
      return true
    }
    return false
  }

  nextUs(): number {
    let nextUs = Infinity
    for (const timer of this.list) if (timer.dueUs < nextUs && !this.isHeld(timer)) nextUs = timer.dueUs
    return nextUs
  }

  private isDue(timer: Timer): boolean {
    return this.isHeld(timer) ? timer === this.ticked : timer.dueUs <= this.passUs
  }

  /** The chip's own timers, such as a debounce, run by themselves all the same. */
  private isHeld({ blocks }: Timer): boolean {
    return blocks > 0 && this.interpreter.machine.played?.isTicked === true
  }

  private earliest(): Timer | undefined {
    const held = this.list.filter((timer) => this.isHeld(timer))
    return held.length ? held.reduce((first, timer) => (timer.dueUs < first.dueUs ? timer : first)) : undefined
  }

  /** The interval is read after the callback, which may have changed or removed it. */
  private fire(timer: Timer): void {
    this.running = timer
    const isOk = this.call(timer)
    this.running = undefined
    if (timer.everyUs !== undefined && isOk) timer.dueUs += timer.everyUs
    else this.end(timer)
  }

  private end(timer: Timer): void {
    this.running = undefined
    if (timer.everyUs !== undefined) this.interpreter.log("error", "Ctrl-C while processing interval - removing it.")
    const index = this.list.indexOf(timer)
    if (index < 0) return
    this.list.splice(index, 1)
    this.interpreter.memory.give(timer.blocks)
    if (index <= this.cursor) this.cursor--
  }

  private call(timer: Timer): boolean {
    const kind = timer.everyUs === undefined ? "timer" : "interval"
    if (timer.blocks > 0) return this.interpreter.run(kind, timer.callee, undefined, timer.args)
    ;(timer.callee as () => void)()
    return true
  }

  private insert(
    timer: Omit<Timer, "id" | "blocks">,
    blocks: number = timer.everyUs === undefined ? COST.timeout : COST.interval,
  ): number {
    if (blocks > 0) this.interpreter.take(blocks)
    const id = ++this.lastId
    this.list.push({ ...timer, id, blocks })
    this.touch()
    return id
  }

  private touch(): void {
    this.hasChanged = true
    this.interpreter.loop?.wake(this.nextUs())
  }
}

function toUs(ms: unknown): number {
  const us = Math.round(Number(ms) * 1000)
  return us >= MIN_US ? us : MIN_US
}

export function installTimers(interpreter: Interpreter): Timers {
  const timers = new Timers(interpreter)
  const global = (name: string, body: (...args: never[]) => unknown) =>
    interpreter.realm.define(name, interpreter.native(name, body as never))
  const clear = (name: string) =>
    global(name, (...ids: unknown[]) => {
      if (ids.length === 0) return timers.removeAll()
      if (ids[0] === undefined)
        throw interpreter.error("Error", `${name}(undefined) not allowed. Use ${name}() instead`)
      timers.remove(Number(ids[0]))
    })
  global("setTimeout", (callee: Callee, ms: number, ...args: unknown[]) => timers.add(callee, ms, args, false))
  global("setInterval", (callee: Callee, ms: number, ...args: unknown[]) => timers.add(callee, ms, args, true))
  global("changeInterval", (id: number, ms: number) => timers.change(id, ms))
  clear("clearTimeout")
  clear("clearInterval")
  return timers
}
