import { OneWireLine } from "../buses/one-wire-line"
import { searchRoms } from "../buses/one-wire-search"
import { SpoiltOneWireLine } from "../buses/one-wire-spoilt"
import { AHEAD_US, BusWire } from "../pins/bus-wire"
import { toByteString } from "./e"
import type { Pin } from "./gpio"
import type { Interpreter } from "./interpreter"

/** Blocks of one OneWire object (Espruino 2v29, 14-byte blocks). */
const OBJECT_BLOCKS = 14
const MATCH_ROM = 0x55
const SKIP_ROM = 0xcc
const SEARCH_ROM = 0xf0

/**
 * `OneWire` of Espruino 2v29 (jswrap_onewire.c): bits by waiting in a loop, the chip blocked meanwhile. Each call is one run of
 * slots and one event. After a write the pin is left an input without pull-up, or drives the line high.
 */
export function installOneWire(interpreter: Interpreter): void {
  const { realm } = interpreter
  const prototype = realm.object({} as Record<string, unknown>)
  const bus = new Master(interpreter)
  const method = (name: string, body: (pin: Pin, ...args: never[]) => unknown, withoutPin?: unknown) => {
    prototype[name] = interpreter.native(name, function (this: unknown, ...args: unknown[]) {
      const pin = interpreter.machine.gpio.find(Number((this as { pin?: unknown } | undefined)?.pin))
      return pin ? body(pin, ...(args as never[])) : withoutPin
    })
  }
  method("reset", (pin) => bus.run(pin, (line) => line.reset()), false)
  method("select", (pin, rom: unknown) => bus.select(pin, rom))
  method("skip", (pin) => bus.run(pin, (line) => line.writeByte(SKIP_ROM)))
  method("write", (pin, data: unknown, power: unknown) => bus.write(pin, data, Boolean(power)))
  method("read", (pin, count: unknown) => bus.read(pin, count))
  method("search", (pin, command: unknown) => bus.search(pin, Number(command) | 0))
  const make = interpreter.native("OneWire", (pin: unknown) => {
    interpreter.take(OBJECT_BLOCKS)
    const object = Object.setPrototypeOf(realm.object({}), prototype) as { pin?: number }
    if (pin !== undefined) object.pin = Number(pin)
    return object
  })
  make.prototype = prototype
  realm.define("OneWire", make)
}

class Master {
  constructor(private readonly interpreter: Interpreter) {}

  select(pin: Pin, rom: unknown): void {
    if (typeof rom !== "string" || rom.length !== 16) {
      const shown = this.interpreter.pure(() => JSON.stringify(rom))
      throw this.interpreter.error("TypeError", `Invalid OneWire device address ${shown}`)
    }
    this.run(pin, (line) => {
      line.reset()
      line.writeByte(MATCH_ROM)
      for (let i = 0; i < 16; i += 2) line.writeByte(parseInt(rom.slice(i, i + 2), 16) || 0)
    })
  }

  write(pin: Pin, data: unknown, isPowered: boolean): void {
    const bytes = this.interpreter.pure(() => toByteString(data))
    const work = (line: OneWireLine) => {
      for (let i = 0; i < bytes.length; i++) line.writeByte(bytes.charCodeAt(i) & 255)
    }
    this.run(pin, work, isPowered)
    this.interpreter.effect(() => {
      pin.out = 1
      this.interpreter.machine.gpio.setMode(pin, isPowered ? "output" : "input")
    })
  }

  read(pin: Pin, count: unknown): number | Uint8Array {
    if (typeof count !== "number") return this.run(pin, (line) => line.readByte())
    const bytes = this.run(pin, (line) => Array.from({ length: Math.max(0, count | 0) }, () => line.readByte()))
    return this.interpreter.realm.bytes(String.fromCharCode(...bytes))
  }

  search(pin: Pin, command: number): unknown[] {
    const roms = this.run(pin, (line) => searchRoms(line, command > 0 && command <= 255 ? command : SEARCH_ROM))
    return this.interpreter.realm.array(roms)
  }

  /** The parts hear the whole run now, on its own time; the house sees it at its start, and the chip is busy until its end. */
  run<T>(pin: Pin, work: (line: OneWireLine) => T, isPowered = false): T {
    const { interpreter } = this
    const { gpio, buses } = interpreter.machine
    const startUs = interpreter.localUs
    const { held, hasPullUp, isOpen } = pin.net.seenFrom(gpio)
    // GPIO34 to 39 cannot pull low: nobody hears anything, and the line stays where its pull leaves it.
    const stays = pin.isInputOnly ? (hasPullUp ? 1 : 0) : undefined
    const targets = isOpen ? [] : buses.oneWire.targetsOn(pin.net)
    const level = held ?? stays
    const line =
      level === undefined && pin.net.isSpoilt(startUs, startUs + AHEAD_US)
        ? new SpoiltOneWireLine(targets, new BusWire(pin.net, 1, startUs), hasPullUp, startUs)
        : new OneWireLine(targets, { held: level, hasPullUp }, startUs)
    interpreter.effect(() => {
      pin.out = 1
      gpio.setMode(pin, "opendrain_pullup")
    })
    line.power(false)
    const result = work(line)
    if (isPowered) line.power(true)
    this.tell(pin, line.slots, isPowered, held)
    interpreter.block(line.atUs - startUs)
    return result
  }

  private tell(pin: Pin, slots: string, isPowered: boolean, held: 0 | 1 | undefined): void {
    const { interpreter } = this
    interpreter.effect(() => {
      if (held === 1) interpreter.machine.tell({ kind: "fault", reason: `${pin.name} is driven high and low at once` })
      if (slots) interpreter.machine.tell({ kind: "onewire", pin: pin.name, slots, ...(isPowered && { isPowered }) })
    })
  }
}
