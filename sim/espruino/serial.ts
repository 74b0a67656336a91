import { toByteString } from "./e"
import type { Callee, Interpreter } from "./interpreter"
import type { Phase } from "./loop"
import { stringBlocks } from "./memory"
import { Uart } from "./uart"

/** Pins where none are given (targets/esp32/jshardwareUart.c, Espruino 2v29): [tx, rx]. Serial1 is the console. */
const PORTS: Record<string, [tx: number, rx: number]> = { Serial2: [4, 5], Serial3: [17, 16] }
/** ESP32 has three UARTs; the builds for C3 name two (boards/ESP32C3_IDF4.py). */
const ONE_FREE_UART = new Set(["ESP32-C3"])
/** What a port keeps while nobody listens (STREAM_MAX_BUFFER_SIZE). */
const MAX_UNHEARD = 512

interface SetupOptions {
  tx?: unknown
  rx?: unknown
  bytesize?: unknown
  parity?: unknown
  stopbits?: unknown
  errors?: unknown
}

interface Port {
  readonly object: object
  uart: Uart | undefined
  unheard: string
}

/** Serial2 and Serial3: bytes reach the program in the pieces in which the firmware's task fetches them. */
class Serials implements Phase {
  private readonly ports = new Map<object, Port>()
  private left = 0

  constructor(private readonly interpreter: Interpreter) {
    interpreter.onDispose.push(() => this.ports.forEach((port) => port.uart?.close()))
    interpreter.emitter.onAdded.push((target, event) => event === "data" && this.onDataListener(target))
  }

  install(name: string, pins: [number, number]): void {
    const { realm } = this.interpreter
    const object = realm.object({} as Record<string, unknown>)
    const port: Port = { object, uart: undefined, unheard: "" }
    this.ports.set(object, port)
    const send = (data: unknown, end = "") =>
      void port.uart?.send(this.interpreter.pure(() => toByteString(data)) + end)
    const text = (value: unknown) => this.interpreter.pure(() => String(value))
    const methods: Record<string, (...args: never[]) => unknown> = {
      setup: (baud: unknown, options?: SetupOptions) => this.setup(port, pins, baud, options ?? {}),
      unsetup: () => this.close(port),
      write: (...data: unknown[]) => data.forEach((each) => send(each)),
      print: (value: unknown) => send(text(value)),
      println: (value: unknown) => send(text(value), "\r\n"),
      available: () => port.unheard.length,
      read: (count?: unknown) => this.read(port, count),
    }
    for (const [method, body] of Object.entries(methods))
      object[method] = this.interpreter.native(method, body as never)
    realm.define(name, object)
  }

  begin(): void {
    this.left = this.pieces().reduce((count, { uart }) => count + uart!.pieces.length, 0)
  }

  step(): boolean {
    const port = this.pieces()[0]
    if (!port || this.left-- <= 0) return false
    const bytes = port.uart!.pieces.shift()!
    const listeners = this.interpreter.emitter.handlers(port.object, "data")
    if (!listeners.length) this.keep(port, bytes)
    for (const listener of listeners) this.hand(port, listener, bytes)
    return true
  }

  nextUs(): number {
    return this.pieces().length ? this.interpreter.localUs : Infinity
  }

  private pieces(): Port[] {
    return [...this.ports.values()].filter(({ uart }) => uart?.pieces.length)
  }

  private setup(port: Port, pins: [number, number], baud: unknown, options: SetupOptions): void {
    const { interpreter } = this
    if (options.errors)
      throw interpreter.error("Error", "ESP32 Espruino builds can't handle framing/parity errors (errors:true)")
    if (
      Number(options.bytesize ?? 8) !== 8 ||
      Number(options.stopbits ?? 1) !== 1 ||
      !/^(none|undefined|null|)$/.test(String(options.parity))
    )
      interpreter.log("warn", "the simulator sends 8 data bits, no parity and 1 stop bit, whatever setup says")
    const [tx, rx] = [options.tx ?? pins[0], options.rx ?? pins[1]].map((each) =>
      interpreter.machine.gpio.find(Number(each)),
    )
    if (!tx || !rx) throw interpreter.error("Error", "Invalid pin")
    this.close(port)
    port.uart = new Uart(interpreter, { tx, rx, baud: Number(baud ?? 9600) || 9600 })
  }

  private close(port: Port): void {
    port.uart?.close()
    port.uart = undefined
  }

  private read(port: Port, count: unknown): string {
    const bytes = port.unheard.slice(0, Number(count) || undefined)
    this.setUnheard(port, port.unheard.slice(bytes.length))
    return bytes
  }

  /** A data handler in which memory runs out is removed, and what comes later only piles up. */
  private hand(port: Port, listener: Callee, bytes: string): void {
    if (this.interpreter.run("data", listener, port.object, [bytes])) return
    this.interpreter.log("error", "Error processing Serial data handler - removing it.")
    this.interpreter.emitter.removeAll(port.object, "data")
  }

  private keep(port: Port, bytes: string): void {
    if (port.unheard.length + bytes.length > MAX_UNHEARD) this.interpreter.raise("BUFFER_FULL")
    this.setUnheard(port, (port.unheard + bytes).slice(0, MAX_UNHEARD))
  }

  /** A late listener gets everything in one event. */
  private onDataListener(target: object): void {
    const port = this.ports.get(target)
    if (!port?.unheard) return
    const bytes = port.unheard
    this.setUnheard(port, "")
    this.interpreter.emitter.emit(target, "data", [bytes])
  }

  private setUnheard(port: Port, bytes: string): void {
    const blocks = (text: string) => (text ? stringBlocks(text.length) : 0)
    this.interpreter.memory.take(blocks(bytes) - blocks(port.unheard))
    port.unheard = bytes
  }
}

export function installSerial(interpreter: Interpreter): Serials {
  const serials = new Serials(interpreter)
  const names = Object.keys(PORTS).slice(0, ONE_FREE_UART.has(interpreter.machine.board.chip) ? 1 : 2)
  for (const name of names) serials.install(name, PORTS[name])
  return serials
}
