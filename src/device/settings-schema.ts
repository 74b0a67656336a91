/** What a program declares about its settings, as the host sees it. Types only: nothing of this reaches a bundle. */
export type PinUse = "wire" | "pwm" | "input" | "output" | "analog" | "strip" | "one-wire" | "i2c"

export type SettingKind =
  | { kind: "pin"; use: PinUse }
  /** Several pins that are one setting, by what each is for: a bus. */
  | { kind: "pins"; roles: Record<string, PinUse> }
  /** Milliseconds; written "30s", "5min", "500ms", "1h" or as a number of seconds in flash.config.json. */
  | { kind: "duration"; default?: number; min: number; max: number }
  | { kind: "number"; default?: number; min: number; max: number }
  | { kind: "text"; default?: string; maxBytes: number }
  | { kind: "flag"; default?: boolean }

export type SettingValue = number | string | boolean | number[]

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
  /** The program's own settings: GPIO numbers (those of a bus in a list), milliseconds, numbers, text, flags. */
  s: Record<string, SettingValue>
}
