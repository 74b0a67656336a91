import type { Board } from "../board"
import type { Buses } from "../buses/buses"
import type { Clock } from "../clock/clock"
import type { ConsolePort } from "../console/port"
import type { Start } from "./boot"
import type { Random } from "../clock/random"
import type { BootReason, HouseEvent } from "../events"
import type { Station } from "../network/wifi"
import type { Uplink } from "../network/tcp"
import type { Flash } from "./flash"
import type { Gpio } from "./gpio"
import type { Interpreter } from "./interpreter"

/** An event before it is stamped with time and board. */
export type Telling = HouseEvent extends infer E ? (E extends HouseEvent ? Omit<E, "atUs" | "device"> : never) : never

/** Callbacks by what starts them; also the names a halt and a fault injection use. */
export type CallbackKind = "boot" | "timer" | "interval" | "watch" | "data" | "event"

/** Who is running program code right now in the whole house; read when V8 had to terminate it. */
export interface Stage {
  interpreter: Interpreter | undefined
  kind: CallbackKind
  /** Above 0 while the program is inside one of our functions: the house's state may be between two states then. */
  depth: number
}

/** Of a replay, where all that comes from outside is recorded. */
export interface Played {
  /** Six bytes. */
  readonly mac: number[]
  /** What the next conversion gives; what the net says when undefined. */
  converted(pin: string): number | undefined
  /** Memory ran out in the callback that is about to run. */
  losesCallback?(kind: CallbackKind): boolean
  /** When the call that blocks now came back on a recorded board. */
  blockedUntilUs?(): number | undefined
  /** The program's timers run by `Interpreter.tick` and not when they are due. */
  readonly isTicked?: boolean
}

/** What an interpreter needs of the board it runs on. Outlives a reboot. */
export interface Machine {
  readonly name: string
  readonly board: Board
  readonly clock: Clock
  /** Noise of the silicon: what the converter adds. Not what the program draws. */
  readonly random: Random
  readonly gpio: Gpio
  readonly buses: Buses
  readonly flash: Flash
  readonly port: ConsolePort
  readonly tcp: Uplink
  readonly station: Station
  readonly stage: Stage
  /** Six bytes. */
  readonly mac: number[]
  readonly limits: Limits
  /** House time at which the chip's clock read 0; moved by setTime, kept over a reboot, lost with the power. */
  clockZeroUs: number
  readonly played?: Played
  tell(telling: Telling): void
  /** Nothing happens when `by` is no longer the life that runs. */
  restart(reason: Exclude<BootReason, "power">, by: Interpreter, start?: Start): void
  /** Injected fault: true when the callback that is about to run is the one in which memory runs out. */
  losesCallback(kind: CallbackKind): boolean
}

export interface Limits {
  /** Host time that one callback may take. */
  hostMs: number
  /** Calls into the chip by one callback. A chip makes some 10,000 a second; 100,000 without a return is an endless loop. */
  calls: number
  /** Program frames on the C stack: "calls inside switch+for+if 18" on 25000 bytes (Espruino 2v29). */
  callDepth: number
}

export const DEFAULT_LIMITS: Limits = { hostMs: 2_000, calls: 100_000, callDepth: 18 }
