import { DEFAULT_BLOCKS } from "../board"
import { uncaughtText } from "../console/stack"
import { Terminal } from "../console/terminal"
import { frameDepth } from "./depth"
import { Emitter } from "./emitter"
import { Events } from "./queue"
import { Flags } from "./flags"
import type { ErrorFlag } from "./flags"
import { reportFlags } from "./report"
import { installAll } from "./install"
import { Loop } from "./loop"
import type { CallbackKind, Machine } from "./machine"
import { Memory } from "./memory"
import { ChipRandom } from "./random"
import { PROGRAM_FILE, Realm } from "./realm"

/** Thrown through program code that must not go on. A program may catch it, and meets it again at its next call. */
class Abandoned {
  readonly message = "this callback was abandoned"
}

export type Callee = string | ((...args: never[]) => unknown)

/**
 * Native calls between two measurements of the call depth: it costs about 5 us, so this makes 5 to 10 % of a run. Recursion
 * that calls the chip at each level cannot reach 36 frames (the chip's end for the simplest calls) between two of them.
 */
const CALLS_PER_DEPTH_CHECK = 16

/** One life of a program, from boot to reboot: its realm, its idle loop, and everything the chip forgets at a reset. */
export class Interpreter {
  readonly realm: Realm
  readonly memory: Memory
  readonly flags = new Flags()
  readonly random = new ChipRandom()
  readonly events = new Events(this)
  readonly emitter: Emitter
  readonly loop: Loop
  readonly terminal: Terminal
  readonly bootedAtUs: number
  /** Deepest program stack seen at a call into the chip. */
  deepestCall = 0
  isAlive = true
  /** The watchdog looks at every block. */
  onBlock: (untilUs: number) => void = () => undefined
  /** Called when the chip is reset: sockets vanish, alarms are cancelled. A hung chip keeps them. */
  readonly onDispose: (() => void)[] = []
  /** Called when Ctrl-C got the program out of a callback that would never have returned. */
  readonly onInterrupted: (() => void)[] = []
  private busyUntilUs = 0
  private ticks = 0
  private calls = 0
  private callsUntilLook = 1
  private abandoned: "memory" | "stack" | undefined
  /** From an abandoned callback to the end of the idle pass: whatever recurs and runs in between is lost with it. */
  private isInterrupted = false
  private isHung = false

  constructor(readonly machine: Machine) {
    this.bootedAtUs = machine.clock.nowUs
    this.memory = new Memory(machine.board.memory?.blocks ?? DEFAULT_BLOCKS)
    this.realm = new Realm()
    this.emitter = new Emitter(this)
    this.terminal = new Terminal(this)
    this.loop = new Loop(this, installAll(this))
  }

  /** Time as this chip sees it: ahead of the house's while a blocking call is being sat out. */
  get localUs(): number {
    return Math.max(this.machine.clock.nowUs, this.busyUntilUs)
  }

  isBusy(): boolean {
    return this.busyUntilUs > this.machine.clock.nowUs
  }

  /** The chip does nothing else for `us`. What the program does later in the same callback happens after it. */
  block(us: number): void {
    const untilUs = this.machine.played?.blockedUntilUs?.() ?? this.localUs + Math.round(us)
    this.onBlock(untilUs)
    this.busyUntilUs = untilUs
  }

  /** The program's next timer is to run now: on a chip whose timers do not run by themselves. */
  tick(): void {
    this.ticks++
    this.loop.wake()
  }

  /** True once for each tick. */
  takeTick(): boolean {
    if (this.ticks === 0) return false
    this.ticks--
    return true
  }

  /** Does `run` at the chip's own time: at once, or when the block that the callback sits in has ended. */
  effect(run: () => void): void {
    if (!this.isBusy()) return run()
    this.machine.clock.at(this.busyUntilUs, () => this.isAlive && run())
  }

  /** The console's ring is full: the chip waits, and no watchdog looks. */
  stall(untilUs: number): void {
    if (untilUs > this.localUs) this.busyUntilUs = untilUs
  }

  /** Ctrl-C frees a hung chip; false when it does not hang. */
  interrupt(): boolean {
    if (!this.isHung) return false
    this.isHung = false
    this.isAlive = this.isInterrupted = true
    for (const run of this.onInterrupted) run()
    this.loop.restart()
    return true
  }

  end(): void {
    if (!this.isAlive) return
    this.isAlive = false
    this.loop.stop()
  }

  dispose(): void {
    this.end()
    for (const run of this.onDispose) run()
  }

  /**
   * Runs one callback of the program. False: it was abandoned (out of memory, stack full), or ran to its end in the same
   * idle pass as one that was; whatever would call it again must be removed (ran on 2v29: the firmware asks "interrupted?"
   * after each callback, and forgets only at the end of the pass). An exception is no reason: the handler stays.
   */
  run(kind: CallbackKind, callee: Callee, self: unknown, args: unknown[]): boolean {
    if (!this.isAlive) return false
    const thrown = this.machine.losesCallback(kind) ? this.lose() : this.call(kind, callee, self, args)
    if (!this.isAlive) return false
    if (this.abandoned) this.reportAbandoned(this.abandoned)
    else if (thrown) this.reportUncaught(thrown.error)
    if (this.isInterrupted && (kind === "interval" || kind === "watch" || kind === "data")) this.raise("CALLBACK")
    return !this.isInterrupted
  }

  /** The end of an idle pass: the firmware looks what went wrong in it. */
  checkErrors(): void {
    if (this.isInterrupted) this.log("error", "Execution Interrupted during event processing.")
    this.isInterrupted = false
    if (this.isAlive) reportFlags(this)
    if (this.isAlive) this.terminal.settle()
  }

  /** A function of the chip, as the program sees it: guarded, counted, and of the program's own realm. */
  native<A extends unknown[]>(name: string, body: (this: unknown, ...args: A) => unknown): (...args: A) => unknown {
    const interpreter = this
    const { stage } = this.machine
    function guarded(this: unknown, ...args: A): unknown {
      interpreter.admit()
      stage.depth++
      try {
        return body.apply(this, args)
      } finally {
        stage.depth--
      }
    }
    return this.realm.adopt(guarded, name)
  }

  /** Blocks for something the program asks for, before it gets it. Without room: uncatchable, the callback is over. */
  take(blocks: number): void {
    if (!this.memory.hasRoom(blocks)) this.outOfMemory()
    this.memory.take(blocks)
    if (this.memory.isTight()) this.raise("LOW_MEMORY")
  }

  /** Work inside a call into the chip that changes nothing of the house but may run program code: toJSON, toString. */
  pure<T>(work: () => T): T {
    const { stage } = this.machine
    stage.depth--
    try {
      return work()
    } finally {
      stage.depth++
    }
  }

  raise(flag: ErrorFlag): void {
    this.flags.raise(flag)
  }

  /** The program never comes back: this life is over, and only a watchdog starts another. */
  runaway(reason: string, callback?: string): void {
    if (!this.isAlive) return
    this.machine.tell({ kind: "halt", reason, callback: callback ?? this.machine.stage.kind })
    this.isHung = true
    this.end()
  }

  /** Ends this life from inside a callback; nothing that follows the call is executed. */
  leave(): never {
    this.end()
    throw new Abandoned()
  }

  /** One line of a log, which the console shows in its own way. */
  log(level: "debug" | "info" | "warn" | "error", text: string, shown = `${text}\n`): void {
    this.effect(() => {
      this.machine.tell({ kind: "log", level, text })
      this.terminal.print(shown)
    })
  }

  /** An error that the firmware raises outside of any program. */
  fail(message: string): void {
    this.logUncaught(this.error("Error", message))
  }

  /** An error of the program's own realm; `type` must be one that Espruino has. */
  error(type: "Error" | "TypeError" | "InternalError" | "SyntaxError", message: string): Error {
    return this.realm.error(type, message)
  }

  private lose(): undefined {
    this.abandoned = "memory"
  }

  private call(kind: CallbackKind, callee: Callee, self: unknown, args: unknown[]): { error: unknown } | undefined {
    const { stage } = this.machine
    this.abandoned = undefined
    this.calls = 0
    stage.kind = kind
    stage.depth = 0
    stage.interpreter = this
    try {
      if (typeof callee === "string") this.realm.evaluate(callee)
      else Reflect.apply(callee, self ?? this.realm.globalThis, args)
    } catch (error) {
      if (isStackOverflow(error)) this.abandoned ??= "stack"
      return { error }
    } finally {
      // Not reached when V8 terminates the program: then the house needs to know who it was.
      stage.interpreter = undefined
    }
  }

  /** Every call into the chip passes here. */
  private admit(): void {
    if (!this.isAlive || this.abandoned) throw new Abandoned()
    // Full of leaks or of unread data: not even a call finds its blocks.
    if (!this.memory.hasRoom(0)) this.outOfMemory()
    if (++this.calls > this.machine.limits.calls) {
      this.runaway(`${this.machine.limits.calls} calls into the chip without returning`)
      throw new Abandoned()
    }
    if (--this.callsUntilLook === 0) this.checkDepth()
  }

  private outOfMemory(): never {
    this.abandoned = "memory"
    throw new Abandoned()
  }

  private checkDepth(): void {
    this.callsUntilLook = CALLS_PER_DEPTH_CHECK
    const depth = frameDepth(PROGRAM_FILE, this.machine.limits.callDepth + 1)
    if (depth > this.deepestCall) this.deepestCall = depth
    if (depth <= this.machine.limits.callDepth) return
    this.abandoned = "stack"
    throw new Abandoned()
  }

  private reportAbandoned(why: "memory" | "stack"): void {
    this.abandoned = undefined
    this.isInterrupted = true
    if (why === "memory") for (const flag of ["LOW_MEMORY", "MEMORY"] as const) this.raise(flag)
    this.log("error", why === "memory" ? "OUT OF MEMORY" : "Too much recursion - the stack is about to overflow")
  }

  private reportUncaught(error: unknown): void {
    const handlers = this.emitter.handlers(this.realm.global("process"), "uncaughtException")
    if (!handlers.length) return this.logUncaught(error)
    for (const handler of handlers) {
      const thrown = this.call("event", handler, undefined, [error])
      if (this.abandoned) this.reportAbandoned(this.abandoned)
      else if (thrown) this.logUncaught(thrown.error)
    }
  }

  private logUncaught(error: unknown): void {
    this.log("error", `Uncaught ${this.realm.describe(error)}`, uncaughtText(error, this.realm))
  }
}

function isStackOverflow(error: unknown): boolean {
  return /^Maximum call stack/.test(String((error as Error | undefined)?.message))
}
