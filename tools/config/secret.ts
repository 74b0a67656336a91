import { readFileSync } from "node:fs"
import { join } from "node:path"
import { inspect, parseEnv } from "node:util"
import { Failure } from "../failure"

/** A secret that cannot be printed by accident: only `reveal` gives the value, and only the settings record asks. */
export class Secret {
  readonly #value: string | undefined
  constructor(
    readonly env: string,
    value: string | undefined,
  ) {
    this.#value = value
  }

  get isSet(): boolean {
    return this.#value !== undefined
  }

  /** Characters, so that a message can say what is wrong with a value it does not show. */
  get length(): number {
    return this.#value?.length ?? 0
  }

  reveal(): string | undefined {
    return this.#value
  }

  toJSON(): { env: string } {
    return { env: this.env }
  }

  toString(): string {
    return `{ env: ${this.env} }`
  }

  [inspect.custom](): string {
    return `Secret(${this.env}, ${this.isSet ? "set" : "not set"})`
  }
}

export type Env = Record<string, string | undefined>

interface EnvRead {
  env: Env
  /** Lines of the file that assign nothing, from 1. What stands there may be a secret, and is not told. */
  strayLines: number[]
}

/** The environment wins over .env.local, so that one run can be different without touching a file. */
export function readEnv(folder: string, env: Env): EnvRead {
  const { assignments, strayLines } = sorted(envText(join(folder, ".env.local")))
  return { env: { ...parseEnv(assignments), ...env }, strayLines }
}

function envText(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\ufeff/, "")
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT") return ""
    throw new Failure(`cannot read ${file} (${code}): it must be a file that you may read.`)
  }
}

/** A value in quotes may go over several lines. */
const ASSIGNMENT = /[^\S\n]*(export[^\S\n]+)?[a-z_][\w.-]*[^\S\n]*=[^\S\n]*("[^"]*"|'[^']*'|`[^`]*`)?[^\n]*\n?/iy
const BLANK_OR_COMMENT = /[^\S\n]*(#[^\n]*)?(\n|$)/y
const LINE = /[^\n]*\n?/y

/** Node 20's parser takes a line that assigns nothing for the beginning of the next one's name. */
function sorted(text: string): { assignments: string; strayLines: number[] } {
  const strayLines: number[] = []
  let assignments = ""
  let at = 0
  const next = (kind: RegExp) => {
    kind.lastIndex = at
    return kind.exec(text)?.[0]
  }
  while (at < text.length) {
    const assignment = next(ASSIGNMENT)
    const taken = assignment ?? next(BLANK_OR_COMMENT)
    if (taken === undefined) strayLines.push(text.slice(0, at).split("\n").length)
    assignments += assignment ?? ""
    at += (taken ?? next(LINE)!).length
  }
  return { assignments, strayLines }
}

export function secretFrom(env: Env, name: string): Secret {
  // An empty variable is what a shell leaves behind when something was not set.
  return new Secret(name, env[name] || undefined)
}
