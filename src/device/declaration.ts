import type { SettingKind } from "./settings-schema"

/** True while the host evaluates a program to learn its settings, false in a bundle, where kinds shrink to openers. */
declare const __SCHEMA__: boolean

/** One declared setting whose value has type T. In a bundle a pin's kind is the function that opens it, others are nothing. */
export interface Kind<T> {
  readonly type?: T
}

export type Declaration = Record<string, Kind<unknown>>

/** The values of a declaration, by name. */
export type Settings<D extends Declaration> = { readonly [K in keyof D]: D[K] extends Kind<infer T> ? T : never }

/** Takes a pin's number, or those of a bus. */
export type Opener = (pins: number & number[]) => unknown

/** A kind from what the host needs to know of it; a bundle carries none of it. */
const kind = <T>(host: () => SettingKind): Kind<T> => (__SCHEMA__ ? host() : undefined) as Kind<T>

// The limits' defaults stand inside, not in the parameter lists: there they would reach the bundle.

/** A time span, in flash.config.json "30s", "5min" or seconds, handed to the program in milliseconds. 0.1 s to a day. */
export const seconds = (byDefault?: number, minS?: number, maxS?: number): Kind<number> =>
  kind(() => ({
    kind: "duration",
    default: byDefault && byDefault * 1000,
    min: (minS ?? 0.1) * 1000,
    max: (maxS ?? 86400) * 1000,
  }))

/** A number between `min` and `max`; without `byDefault` flash.config.json must give it. */
export const number = (byDefault?: number, min?: number, max?: number): Kind<number> =>
  kind(() => ({ kind: "number", default: byDefault, min: min ?? -1e9, max: max ?? 1e9 }))

/** Text of at most `maxBytes` UTF-8 bytes, 128 unless told otherwise. */
export const text = (byDefault?: string, maxBytes?: number): Kind<string> =>
  kind(() => ({ kind: "text", default: byDefault, maxBytes: maxBytes ?? 128 }))

export const flag = (byDefault?: boolean): Kind<boolean> => kind(() => ({ kind: "flag", default: byDefault }))
