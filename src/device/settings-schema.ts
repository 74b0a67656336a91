/** What a program declares about its settings, as the host sees it. Types only: nothing of this reaches a bundle. */
export type PinUse = "wire" | "pwm" | "input" | "output"

export type SettingKind =
  | { kind: "pin"; use: PinUse }
  /** Milliseconds; written "30s", "5min", "500ms", "1h" or as a number of seconds in flash.config.json. */
  | { kind: "duration"; default?: number; min: number; max: number }
  | { kind: "number"; default?: number; min: number; max: number }
  | { kind: "text"; default?: string; maxBytes: number }
  | { kind: "flag"; default?: boolean }

/** What Storage holds for one device. Short keys: the whole record stands in RAM while the program starts. */
export interface SettingsRecord {
  id: string
  ssid: string
  pass: string
  host: string
  port: number
  /** Further brokers, in order of preference, with the same login. */
  more?: { host: string; port: number }[]
  user?: string
  pw?: string
  /** The program's own settings: GPIO numbers, milliseconds, numbers, text, flags. */
  s: Record<string, number | string | boolean>
}
