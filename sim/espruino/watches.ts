import type { Callee, Interpreter } from "./interpreter"
import type { Phase } from "./loop"
import { COST } from "./memory"
import type { Timers } from "./timers"
import type { Pin } from "./gpio"

/** 4096 bytes at 6 a piece; what comes when it is full is lost. */
const RING_EDGES = 682
/** IO0: the boot button, which defaults to a debounced press. */
const BUTTON_PIN = 0

interface Edge {
  pin: number
  isHigh: boolean
  atUs: number
}

interface Watch {
  id: number
  pin: Pin
  callee: Callee
  isRepeating: boolean
  /** 1 rising, -1 falling, 0 both. */
  edge: -1 | 0 | 1
  debounceUs: number
  state: boolean
  lastTimeS: number | undefined
  /** A debounce that is running. */
  pending: { timer: number; atUs: number; isHigh: boolean } | undefined
}

interface WatchOptions {
  repeat?: boolean
  edge?: unknown
  debounce?: number
}

/** setWatch: the interrupt stamps an edge and reads the level; the callback comes in the next idle pass (Espruino 2v29). */
class Watches implements Phase {
  private readonly ring: Edge[] = []
  private readonly list: Watch[] = []
  private lastId = 0
  private left = 0

  constructor(
    private readonly interpreter: Interpreter,
    private readonly timers: Timers,
  ) {
    interpreter.machine.gpio.onInterrupt = (pin, isHigh) => this.onInterrupt(pin, isHigh)
  }

  add(callee: Callee, number: unknown, options: WatchOptions | boolean | undefined): number | undefined {
    const { interpreter } = this
    const pin = interpreter.machine.gpio.find(Number(number))
    if (!pin) return void interpreter.log("error", "Invalid pin")
    if (pin.isUnwatchable) return void interpreter.log("warn", "Unable to set watch on this pin")
    const watch: Watch = {
      ...this.options(pin, options),
      id: this.lastId + 1,
      pin,
      callee,
      lastTimeS: undefined,
      pending: undefined,
    }
    if (typeof callee !== "function" && typeof callee !== "string")
      throw interpreter.error("Error", "Function or String not supplied!")
    interpreter.take(blocksOf(watch))
    this.lastId++
    const isFirst = !this.list.some((other) => other.pin === pin)
    this.list.push(watch)
    interpreter.effect(() => this.enable(watch, isFirst))
    return watch.id
  }

  remove(id: number): void {
    const index = this.list.findIndex((watch) => watch.id === id)
    if (index < 0) throw this.interpreter.error("Error", `Unknown Watch ${id}`)
    const [watch] = this.list.splice(index, 1)
    this.interpreter.memory.give(blocksOf(watch))
    if (watch.pending) this.timers.remove(watch.pending.timer)
    if (!this.list.some((other) => other.pin === watch.pin)) this.interpreter.machine.gpio.disableInterrupt(watch.pin)
  }

  removeAll(): void {
    for (const watch of [...this.list]) this.remove(watch.id)
  }

  /** Only what was in the ring when the pass began: edges cannot swamp the rest. */
  begin(): void {
    this.left = this.ring.length
  }

  step(): boolean {
    if (this.left-- <= 0) return false
    const edge = this.ring.shift()!
    for (const watch of [...this.list])
      if (watch.pin.number === edge.pin && this.list.includes(watch)) this.onEdge(watch, edge)
    return true
  }

  nextUs(): number {
    return this.ring.length ? this.interpreter.localUs : Infinity
  }

  private onInterrupt(pin: number, isHigh: boolean): void {
    if (!this.interpreter.isAlive) return
    if (this.ring.length >= RING_EDGES) return this.interpreter.raise("FIFO_FULL")
    this.ring.push({ pin, isHigh, atUs: this.interpreter.machine.clock.nowUs })
    this.interpreter.loop.wake()
  }

  private options(pin: Pin, options: WatchOptions | boolean | undefined) {
    const given = typeof options === "object" && options ? options : { repeat: Boolean(options) }
    const isButton = pin.number === BUTTON_PIN
    const debounceMs = Number(given.debounce ?? (isButton ? 25 : 0))
    return {
      isRepeating: Boolean(given.repeat),
      edge: this.edgeOf(given.edge ?? (isButton ? "rising" : "both")),
      debounceUs: debounceMs > 0 ? Math.round(debounceMs * 1000) : 0,
      state: false,
    }
  }

  private edgeOf(edge: unknown): -1 | 0 | 1 {
    if (edge === "rising" || (typeof edge === "number" && edge > 0)) return 1
    if (edge === "falling" || (typeof edge === "number" && edge < 0)) return -1
    if (edge === "both" || edge === 0) return 0
    throw this.interpreter.error("TypeError", "'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'")
  }

  /** A second watch leaves the pin as it is, except that reading the level may make it an input (jshPinInput). */
  private enable(watch: Watch, isFirst: boolean): void {
    const { gpio } = this.interpreter.machine
    watch.state = gpio.read(watch.pin) === 1
    if (isFirst && this.list.includes(watch)) gpio.enableInterrupt(watch.pin)
  }

  private onEdge(watch: Watch, edge: Edge): void {
    if (watch.debounceUs > 0) return this.debounce(watch, edge)
    watch.state = edge.isHigh
    this.fire(watch, edge.isHigh, edge.atUs)
  }

  /** The level must have been steady for the debounce time; the event carries the time of its first edge. */
  private debounce(watch: Watch, edge: Edge): void {
    if (watch.pending) this.timers.remove(watch.pending.timer)
    else if (edge.isHigh === watch.state) return
    const timer = this.timers.addAt(edge.atUs + watch.debounceUs, () => this.onSteady(watch))
    watch.pending = { timer, atUs: edge.atUs, isHigh: edge.isHigh }
  }

  private onSteady(watch: Watch): void {
    const { atUs, isHigh } = watch.pending!
    watch.pending = undefined
    if (isHigh === watch.state) return
    watch.state = isHigh
    this.fire(watch, isHigh, atUs)
  }

  private fire(watch: Watch, isHigh: boolean, atUs: number): void {
    const timeS = (atUs - this.interpreter.machine.clockZeroUs) / 1e6
    const { lastTimeS } = watch
    watch.lastTimeS = timeS
    if (watch.edge !== 0 && (watch.edge === 1) !== isHigh) return
    const event = this.interpreter.realm.object({
      state: isHigh,
      lastTime: lastTimeS,
      time: timeS,
      pin: watch.pin.number,
    })
    const isOk = this.interpreter.run("watch", watch.callee, undefined, [event])
    if (!isOk && watch.isRepeating) this.interpreter.log("error", "Ctrl-C while processing watch - removing it.")
    if ((!isOk || !watch.isRepeating) && this.list.includes(watch)) this.remove(watch.id)
  }
}

function blocksOf(watch: { debounceUs: number }): number {
  return watch.debounceUs > 0 ? COST.watchDebounced : COST.watch
}

export function installWatches(interpreter: Interpreter, timers: Timers): Watches {
  const watches = new Watches(interpreter, timers)
  const { realm } = interpreter
  const setWatch = (callee: Callee, pin: unknown, options?: WatchOptions | boolean) => watches.add(callee, pin, options)
  realm.define("setWatch", interpreter.native("setWatch", setWatch))
  const clearWatch = interpreter.native("clearWatch", (...ids: unknown[]) => {
    if (ids.length === 0) return watches.removeAll()
    if (ids[0] === undefined)
      throw interpreter.error("Error", "clearWatch(undefined) not allowed. Use clearWatch() instead")
    watches.remove(Number(ids[0]))
  })
  realm.define("clearWatch", clearWatch)
  return watches
}
