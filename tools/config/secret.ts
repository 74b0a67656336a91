import { readFileSync } from "node:fs"
import { join } from "node:path"
import { inspect, parseEnv } from "node:util"

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

/** The environment wins over .env.local, so that one run can be different without touching a file. */
export function readEnv(folder: string, env: Env): Env {
  try {
    return { ...parseEnv(readFileSync(join(folder, ".env.local"), "utf8")), ...env }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return env
    throw error
  }
}

export function secretFrom(env: Env, name: string): Secret {
  // An empty variable is what a shell leaves behind when something was not set.
  return new Secret(name, env[name] || undefined)
}
