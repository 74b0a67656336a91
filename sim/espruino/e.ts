import type { Alarm } from "../clock/clock"
import type { Start } from "./boot"
import type { Interpreter } from "./interpreter"
import { stringBlocks } from "./memory"

/** The E object, reset() and load(): what the firmware offers besides pins and network. */
export function installE(interpreter: Interpreter): void {
  const { realm, machine } = interpreter
  const watchdog = new Watchdog(interpreter)
  const methods: Record<string, (...args: never[]) => unknown> = {
    srand: (seed: number) => interpreter.random.seed(Number(seed) | 0),
    hwRand: () => interpreter.random.next(),
    enableWatchdog: (seconds: number, isAuto?: boolean) => watchdog.enable(Number(seconds), isAuto !== false),
    kickWatchdog: () => watchdog.kick(),
    reboot: () => restartNow("reboot"),
    getErrorFlags: () => realm.array(interpreter.flags.read()),
    CRC32: (data: unknown) => crcOf(toByteString(data)),
    toString: (...data: unknown[]) => data.map(toByteString).join(""),
    toUint8Array: (...data: unknown[]) => realm.bytes(data.map(toByteString).join("")),
    getSizeOf: (value: unknown) => stringBlocks(String(value).length),
    getAddressOf: () => 1,
    getTemperature: () => NaN,
    getAnalogVRef: () => NaN,
    setFlags: () => undefined,
    getFlags: () => realm.object({}),
    setTimeZone: () => undefined,
    defrag: () => undefined,
    setBootCode: (code?: unknown, isForReset?: boolean) => {
      for (const file of [".bootcde", ".bootrst"]) machine.flash.erase(file)
      if (code) machine.flash.write(isForReset ? ".bootrst" : ".bootcde", String(code))
    },
    isUTF8: () => false,
    fromUTF8: () => undefined,
    asUTF8: () => {
      throw interpreter.error("Error", "Unicode is not supported in this build")
    },
  }
  const object = realm.object({} as Record<string, unknown>)
  for (const [name, body] of Object.entries(methods)) object[name] = interpreter.native(name, body as never)
  realm.define("E", object)
  realm.define(
    "reset",
    interpreter.native("reset", () => restartLater({ isFirst: false, isReset: true })),
  )
  realm.define(
    "load",
    interpreter.native("load", (file?: unknown) =>
      restartLater({ isFirst: false, isReset: file !== undefined, ...(file !== undefined && { file: String(file) }) }),
    ),
  )
  realm.define(
    "getSerial",
    interpreter.native("getSerial", () => serialOf(machine.mac)),
  )

  /** E.reboot does not return: what follows it is never executed. */
  function restartNow(reason: "reboot"): never {
    machine.clock.at(interpreter.localUs, () => machine.restart(reason, interpreter))
    return interpreter.leave()
  }

  /** load() and reset() take effect in the idle pass, after the handlers of E.on('kill'). */
  function restartLater(start: Start): void {
    for (const handler of interpreter.emitter.handlers(object, "kill"))
      interpreter.events.push([handler], undefined, [])
    interpreter.events.push(
      [
        () => {
          interpreter.terminal.end()
          machine.clock.at(interpreter.localUs, () => machine.restart("reset", interpreter, start))
        },
      ],
      undefined,
      [],
    )
  }
}

/** jswrap_interface_getSerial: six bytes of the MAC in hexadecimal, a dash after the fourth. */
export function serialOf(mac: number[]): string {
  const hex = mac.map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** The task watchdog: whole seconds, resets the chip. Its time goes on while the chip is blocked or hung. */
class Watchdog {
  private periodUs = 0
  private isAuto = false
  private alarm: Alarm | undefined

  constructor(private readonly interpreter: Interpreter) {
    interpreter.onBlock = (untilUs) => this.onBlock(untilUs)
    interpreter.onDispose.push(() => interpreter.machine.clock.cancel(this.alarm))
  }

  enable(seconds: number, isAuto: boolean): void {
    this.periodUs = Math.max(1, Math.round(seconds)) * 1_000_000
    this.isAuto = isAuto
    this.kick()
  }

  kick(): void {
    if (!this.periodUs) return
    const { clock } = this.interpreter.machine
    clock.cancel(this.alarm)
    this.alarm = clock.at(this.interpreter.localUs + this.periodUs, () => this.onExpired())
  }

  /** In auto mode an idle chip kicks by itself: it expires only when the chip hangs or blocks. */
  private onExpired(): void {
    const { interpreter } = this
    if (this.isAuto && interpreter.isAlive && !interpreter.isBusy()) return this.kick()
    interpreter.machine.restart("watchdog", interpreter)
  }

  /** A block that outlasts the watchdog: the callback does not live to see its end. */
  private onBlock(untilUs: number): void {
    if (this.alarm && this.alarm.slot >= 0 && this.alarm.atUs < untilUs) this.interpreter.leave()
  }
}

/** Strings as they are, numbers as bytes, anything with a length item by item. */
export function toByteString(data: unknown): string {
  if (typeof data === "string") return data
  if (typeof data === "number") return String.fromCharCode(data & 255)
  const view = data as { length?: number; data?: unknown; count?: number; [index: number]: unknown }
  if (view && typeof view.length !== "number" && view.data !== undefined)
    return toByteString(view.data).repeat(view.count ?? 1)
  let bytes = ""
  for (let i = 0; i < (view?.length ?? 0); i++) bytes += toByteString(view[i])
  return bytes
}

/** CRC-32 as zlib has it; unsigned. */
export function crcOf(bytes: string): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes.charCodeAt(i) & 255
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}
