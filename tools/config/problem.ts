import { nearest } from "../../sim/nearest"

/** What is wrong in a config file, where, and what to do about it. Never carries the value of a secret. */
export interface Problem {
  /** "devices.bulb.settings.red"; empty when the file as a whole is meant. */
  key: string
  reason: string
  remedy: string
  /** Only where the text is not JSON at all, since then there are no keys yet. */
  line?: number
  column?: number
}

export class ConfigError extends Error {
  constructor(
    readonly file: string,
    readonly problems: Problem[],
  ) {
    super(problems.map((problem) => problemLine(file, problem)).join("\n"))
    this.name = "ConfigError"
  }
}

export function problemLine(file: string, { key, reason, remedy, line, column }: Problem): string {
  const where = line === undefined ? file : `${file}:${line}:${column}`
  return `${where}: ${key ? `${key}: ` : ""}${reason}. ${remedy}`
}

/** Of `known` what unknown keys of `written` are near to: told as misspelt, they are not missing as well. */
export function misspelt(written: object, known: string[]): string[] {
  const unknown = Object.keys(written).filter((name) => !known.includes(name))
  return unknown.flatMap((name) => nearest(name, known, 1)).filter((name) => !(name in written))
}

/** "GPIO4, GPIO5, GPIO13 or 12 more": a list a person still reads to the end. */
export function listed(names: string[], atMost = 12): string {
  if (names.length <= atMost) return names.join(", ")
  return `${names.slice(0, atMost).join(", ")} and ${names.length - atMost} more`
}
