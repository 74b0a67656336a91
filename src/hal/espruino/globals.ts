import type { Edge } from "../pin"

/** The Espruino functions the adapters use. Each adapter declares, for itself alone, the ones it calls. */
export type GetTime = () => number
export type SetTimeout = (run: () => void, inMs: number) => number
export type ClearTimeout = (handle: number) => void
export type PinMode = (pin: number, mode: "input" | "input_pullup" | "output" | "opendrain") => void
export type DigitalWrite = (pin: number, level: number | boolean) => void
export type DigitalRead = (pin: number) => 0 | 1
export type AnalogWrite = (pin: number, duty: number) => void
export type ClearWatch = (id: number) => void
export type SetWatch = (
  run: (edge: Edge & { state: boolean }) => void,
  pin: number,
  options: { repeat?: boolean; edge?: "rising" | "falling" | "both"; debounce?: number },
) => number
export type Require = (module: "neopixel" | "net" | "tls" | "Wifi" | "Storage" | "crypto") => unknown

export interface EspruinoE {
  srand(seed: number): void
  enableWatchdog(seconds: number, auto: boolean): void
  kickWatchdog(): void
  reboot(): void
  /** Names of the flags raised since the last call, which clears them. */
  getErrorFlags(): string[]
  CRC32(bytes: string): number
  on(event: "errorFlag", run: () => void): void
}

export interface EspruinoProcess {
  /** Runs the garbage collector first: 3 ms for 3,400 blocks on ESP32. */
  memory(): { free: number; usage: number; total: number }
}
