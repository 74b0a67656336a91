import type { CloseReason, End } from "../network/connection"
import type { Dial } from "../network/tcp"
import type { Callee, Interpreter } from "./interpreter"
import type { Phase } from "./loop"
import { COST } from "./memory"
import { PasswordMask } from "./password-mask"
import { blocksOf, isUnsent } from "./socket-state"
import type { SocketObject, SocketState } from "./socket-state"

/** Bytes a socket moves per idle pass and direction (chunkSize in libs/network). */
const CHUNK = 536
/** An idle pass that serves sockets. Estimate; it bounds a socket to about 0.5 MB/s. */
const PASS_US = 1_000
/** lwIP's limit on the ESP32 builds. */
const MAX_SOCKETS = 10
const FAILURES: Record<Exclude<Dial["outcome"], "open">, string> = {
  refused: "Unable to create socket",
  timeout: "Unable to create socket",
  "no-route": "Unable to create socket",
  "no-host": "Unable to locate host",
}

/** require("net"): the client side of libs/network/socketserver.c (Espruino 2v29), with its order of events. */
class Sockets implements Phase {
  readonly module: object
  private readonly open: SocketState[] = []
  private readonly states = new WeakMap<object, SocketState>()
  private cursor = 0
  private opened = 0

  constructor(
    private readonly interpreter: Interpreter,
    private readonly prototype: object,
  ) {
    const connect = (address: { host?: string; port?: number }, onConnect?: Callee) => this.connect(address, onConnect)
    this.module = interpreter.realm.object({ connect: interpreter.native("connect", connect) })
    interpreter.onDispose.push(() => this.open.forEach((socket) => socket.end.vanish()))
    interpreter.emitter.onAdded.push((target, event) => event === "data" && this.onDataListener(target))
  }

  /** Blocks the chip for as long as DNS and TCP take, and throws when that fails. */
  connect(address: { host?: string; port?: number }, onConnect?: Callee): object {
    const { interpreter } = this
    const { machine } = interpreter
    interpreter.take(COST.socket)
    const host = String(address?.host ?? "127.0.0.1")
    const port = Number(address?.port ?? 0)
    const dial: Dial<{ board: End }> =
      this.open.length < MAX_SOCKETS ? machine.tcp.dial(machine.name, host, port) : { outcome: "refused", afterUs: 100 }
    interpreter.block(dial.afterUs)
    const connection = dial.outcome === "open" ? { connection: ++this.opened } : {}
    interpreter.effect(() => machine.tell({ kind: "tcp", state: dial.outcome, host, port, ...connection }))
    if (dial.outcome !== "open") {
      interpreter.memory.give(COST.socket)
      throw this.failure(dial.outcome)
    }
    return this.adopt(dial.connection.board, onConnect, { host, port })
  }

  write(object: SocketObject, data: unknown): boolean {
    const state = this.stateOf(object)
    if (!state || state.isClosed || state.isEnding) throw this.interpreter.error("Error", "This socket is closed")
    const before = object.dSnd ?? ""
    const queued = before + this.interpreter.pure(() => String(data))
    this.interpreter.take(blocksOf(queued) - blocksOf(before))
    object.dSnd = queued
    this.interpreter.loop.wake()
    return false
  }

  end(object: SocketObject, data: unknown): void {
    if (data !== undefined) this.write(object, data)
    const state = this.stateOf(object)
    if (state) state.isEnding = true
    this.interpreter.loop.wake()
  }

  available(object: SocketObject): number {
    return this.stateOf(object)?.unheard.length ?? 0
  }

  read(object: SocketObject, count?: number): string {
    const state = this.stateOf(object)
    const bytes = state?.unheard.slice(0, count) ?? ""
    if (state) this.setUnheard(state, state.unheard.slice(bytes.length))
    return bytes
  }

  begin(): void {
    this.cursor = 0
  }

  /** One socket a step: it sends, then receives, then perhaps closes; what it queues runs after all sockets. */
  step(): boolean {
    const state = this.open[this.cursor]
    if (!state) return false
    this.serve(state)
    if (this.open[this.cursor] === state) this.cursor++
    return true
  }

  nextUs(): number {
    const { localUs } = this.interpreter
    for (const state of this.open) if (this.hasWork(state)) return localUs + PASS_US
    return Infinity
  }

  private hasWork(state: SocketState): boolean {
    return Boolean(!state.isConnected || isUnsent(state) || state.received || state.isEnding || state.closedBy)
  }

  private serve(state: SocketState): void {
    const hasSent = this.send(state)
    if (!state.isConnected) this.onConnected(state, !hasSent)
    this.receive(state)
    if (state.closedBy && !state.received) this.close(state, state.closedBy)
    else if (state.isEnding && !isUnsent(state)) this.close(state, undefined)
  }

  /** `drain` comes when everything is out, unless the socket is to close then. */
  private send(state: SocketState): boolean {
    const pending = state.object.dSnd?.slice(state.sent)
    if (!pending || state.closedBy) return false
    state.end.send(pending.slice(0, CHUNK))
    this.tellNet(state, "tx", state.mask.masked(pending, CHUNK))
    if (this.isDrainPlayed(state)) return (state.sent += Math.min(CHUNK, pending.length)) > 0
    const rest = pending.slice(CHUNK)
    this.interpreter.memory.give(blocksOf(pending) - blocksOf(rest))
    state.object.dSnd = rest
    if (!rest && !state.isEnding) this.interpreter.emitter.emit(state.object, "drain", [state.object])
    return true
  }

  /** In the replay of a real board: what a program hears of, and does by it, came when that board's network had taken all. */
  private isDrainPlayed({ object }: SocketState): boolean {
    const { played } = this.interpreter.machine
    return played?.isTicked === true && this.interpreter.emitter.handlers(object, "drain").length > 0
  }

  private drained(state: SocketState): void {
    if (state.object.dSnd) state.object.dSnd = state.object.dSnd.slice(state.sent)
    state.sent = 0
    this.interpreter.emitter.emit(state.object, "drain", [state.object])
  }

  /** Queued, so data of this same pass is heard before it. */
  private onConnected(state: SocketState, isIdle: boolean): void {
    const { emitter, events } = this.interpreter
    state.isConnected = true
    const listeners = emitter.handlers(state.object, "connect")
    if (state.onConnect && listeners.length)
      return this.interpreter.log("error", "Execution Interrupted during event processing.")
    events.push(state.onConnect ? [state.onConnect] : listeners, state.object, [state.object])
    if (isIdle && !this.isDrainPlayed(state)) emitter.emit(state.object, "drain", [state.object])
  }

  private receive(state: SocketState): void {
    if (!state.received) return
    const bytes = state.received.slice(0, CHUNK)
    state.received = state.received.slice(CHUNK)
    const listeners = this.interpreter.emitter.handlers(state.object, "data")
    if (!listeners.length) return this.keep(state, bytes)
    for (const listener of listeners) this.hand(state, listener, bytes)
  }

  /** A data handler in which memory runs out is removed, and what comes later only piles up. */
  private hand(state: SocketState, listener: Callee, bytes: string): void {
    if (this.interpreter.run("data", listener, state.object, [bytes])) return
    this.interpreter.log("error", "Error processing Serial data handler - removing it.")
    this.interpreter.emitter.removeAll(state.object, "data")
  }

  private keep(state: SocketState, bytes: string): void {
    if (state.unheard) this.interpreter.raise("BUFFER_FULL")
    this.setUnheard(state, state.unheard + bytes)
    if (!this.interpreter.memory.hasRoom(0)) this.interpreter.raise("MEMORY")
  }

  private setUnheard(state: SocketState, bytes: string): void {
    if (!state.isClosed) this.interpreter.memory.take(blocksOf(bytes) - blocksOf(state.unheard))
    state.unheard = bytes
  }

  /** A late listener gets everything in one event. */
  private onDataListener(target: object): void {
    const state = this.stateOf(target)
    if (!state?.unheard) return
    const bytes = state.unheard
    this.setUnheard(state, "")
    this.interpreter.emitter.emit(target, "data", [bytes])
  }

  /** error (if any), end, close: and every way of closing looks the same, except that something was left unsent. */
  private close(state: SocketState, reason: CloseReason | undefined): void {
    const { emitter, realm, machine } = this.interpreter
    const hadError = Boolean(state.object.dSnd) && reason !== undefined
    state.isClosed = true
    state.end.close()
    if (!reason) this.tellNet(state, "tx", "", "fin")
    this.open.splice(this.open.indexOf(state), 1)
    // Whoever holds a closed socket holds these still; programs let go of it, and the model takes that for granted.
    this.interpreter.memory.give(COST.socket + blocksOf(state.object.dSnd ?? "") + blocksOf(state.unheard))
    if (hadError) emitter.emit(state.object, "error", [realm.object({ code: -8, message: "unsent data" })])
    emitter.emit(state.object, "end", [])
    emitter.emit(state.object, "close", [hadError])
    machine.tell({
      kind: "tcp",
      state: reason === "reset" ? "reset" : "closed",
      ...state.address,
      reason: reason ?? "here",
      connection: state.connection,
    })
  }

  private adopt(end: End, onConnect: Callee | undefined, address: { host: string; port: number }): object {
    const object = Object.setPrototypeOf(this.interpreter.realm.object({}), this.prototype) as SocketObject
    const fresh = {
      isConnected: false,
      isEnding: false,
      isClosed: false,
      received: "",
      sent: 0,
      unheard: "",
      closedBy: undefined,
    }
    const state: SocketState = {
      ...{ ...fresh, object, end, onConnect, address },
      connection: this.opened,
      mask: new PasswordMask(),
    }
    end.onData = (bytes) => {
      this.tellNet(state, "rx", bytes)
      state.received += bytes
      this.interpreter.loop.wake()
    }
    end.onDrain = () => this.drained(state)
    end.onClose = (reason) => {
      this.tellNet(state, "rx", "", reason)
      state.closedBy = reason
      this.interpreter.loop.wake()
    }
    this.states.set(object, state)
    this.open.push(state)
    return object
  }

  private tellNet({ connection }: SocketState, direction: "tx" | "rx", bytes: string, end?: CloseReason): void {
    this.interpreter.machine.tell({ kind: "net", direction, connection, bytes, ...(end && { end }) })
  }

  private failure(outcome: Exclude<Dial["outcome"], "open">): Error {
    if (outcome !== "no-host") this.interpreter.log("error", `Connect failed (err ${outcome})`)
    return this.interpreter.error("InternalError", FAILURES[outcome])
  }

  private stateOf(object: object): SocketState | undefined {
    return this.states.get(object)
  }
}

export function installNet(interpreter: Interpreter): Sockets {
  const prototype = interpreter.realm.object({} as Record<string, unknown>)
  const sockets = new Sockets(interpreter, prototype)
  const method = (name: string, body: (this: SocketObject, ...args: never[]) => unknown) => {
    Object.defineProperty(prototype, name, { value: interpreter.native(name, body as never), writable: true })
  }
  method("write", function (this: SocketObject, data: unknown) {
    return sockets.write(this, data)
  })
  method("end", function (this: SocketObject, data: unknown) {
    sockets.end(this, data)
  })
  method("available", function (this: SocketObject) {
    return sockets.available(this)
  })
  method("read", function (this: SocketObject, count: number) {
    return sockets.read(this, count)
  })
  return sockets
}
