import type { Callee, Interpreter } from "./interpreter"
import type { Phase } from "./loop"

interface Queued {
  callee: Callee
  self: unknown
  args: unknown[]
}

/** The event queue: emit(), promise callbacks, socket and Wi-Fi events. Drained at the end of an idle pass (Espruino 2v29). */
export class Events implements Phase {
  private readonly queue: Queued[] = []
  private head = 0

  constructor(private readonly interpreter: Interpreter) {}

  /** The listeners are those of now; who is added later does not hear this one. */
  push(callees: Callee[], self: unknown, args: unknown[]): void {
    for (const callee of callees) this.queue.push({ callee, self, args })
    if (callees.length) this.interpreter.loop.wake(this.interpreter.localUs)
  }

  begin(): void {}

  step(): boolean {
    const event = this.queue[this.head]
    if (!event) return false
    this.head++
    if (this.head === this.queue.length) this.queue.length = this.head = 0
    this.interpreter.run("event", event.callee, event.self, event.args)
    return true
  }

  nextUs(): number {
    return this.queue.length ? this.interpreter.localUs : Infinity
  }
}
