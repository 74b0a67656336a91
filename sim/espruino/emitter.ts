import type { Callee, Interpreter } from "./interpreter"
import { COST } from "./memory"

/** Every object is an event emitter: on, emit and the rest live on Object.prototype. */
export class Emitter {
  private readonly listeners = new WeakMap<object, Map<string, Callee[]>>()
  /** Told when a listener is added; sockets hand over what waited for it. */
  readonly onAdded: ((target: object, event: string) => void)[] = []

  constructor(private readonly interpreter: Interpreter) {
    const { realm } = interpreter
    const prototype = realm.prototypeOf("Object")
    const define = (name: string, body: (this: object, ...args: never[]) => unknown) => {
      const value = interpreter.native(name, body as never)
      Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false })
    }
    const emitter = this
    define("on", function (this: object, event: string, listener: Callee) {
      emitter.add(this, event, listener, false)
    })
    define("addListener", function (this: object, event: string, listener: Callee) {
      emitter.add(this, event, listener, false)
    })
    define("prependListener", function (this: object, event: string, listener: Callee) {
      emitter.add(this, event, listener, true)
    })
    define("emit", function (this: object, event: string, ...args: unknown[]) {
      emitter.emit(this, event, args)
    })
    define("removeListener", function (this: object, event: string, listener: Callee) {
      emitter.remove(this, event, listener)
    })
    define("removeAllListeners", function (this: object, event?: string) {
      emitter.removeAll(this, event)
    })
  }

  handlers(target: unknown, event: string): Callee[] {
    return this.listeners.get(target as object)?.get(event) ?? []
  }

  /** Asynchronous: the handlers run at the end of the idle pass. */
  emit(target: object, event: string, args: unknown[]): void {
    this.interpreter.events.push(this.handlers(target, event), target, args)
  }

  /** Makes a new list, so that a handler added during an event does not hear it. */
  add(target: object, event: string, listener: Callee, isFirst: boolean): void {
    if (typeof listener !== "function" && typeof listener !== "string")
      throw this.interpreter.error("TypeError", "Second argument must be a function or a String")
    this.interpreter.take(COST.handler)
    const events = this.listeners.get(target) ?? new Map<string, Callee[]>()
    this.listeners.set(target, events)
    const before = events.get(event) ?? []
    events.set(event, isFirst ? [listener, ...before] : [...before, listener])
    for (const run of this.onAdded) run(target, event)
  }

  remove(target: object, event: string, listener: Callee): void {
    const events = this.listeners.get(target)
    const before = events?.get(event)
    const index = before?.indexOf(listener) ?? -1
    if (!events || !before || index < 0) return
    events.set(
      event,
      before.filter((_, i) => i !== index),
    )
    this.interpreter.memory.give(COST.handler)
  }

  removeAll(target: object, event?: string): void {
    const events = this.listeners.get(target)
    for (const name of event === undefined ? [...(events?.keys() ?? [])] : [event]) {
      this.interpreter.memory.give(COST.handler * this.handlers(target, name).length)
      events?.delete(name)
    }
  }
}
