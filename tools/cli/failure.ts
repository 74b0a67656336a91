import { BuildError } from "../build/problem"
import { ConfigError } from "../config/problem"

export const EXIT_OK = 0
/** The project or the machine says no: a mistake in a file, a full disk, a broker that is not there. */
export const EXIT_FAILED = 1
/** The command line itself is wrong. */
export const EXIT_USAGE = 2

/** A failure that is the user's to mend: told as it is, without a stack. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode = EXIT_FAILED,
  ) {
    super(message)
  }
}

/** What to print and how to exit for anything thrown by a command. Only bugs of motewire show a stack. */
export function verdictOn(error: unknown): { text: string; exitCode: number } {
  if (error instanceof Failure) return { text: `motewire: ${error.message}`, exitCode: error.exitCode }
  if (error instanceof ConfigError || error instanceof BuildError) return { text: error.message, exitCode: EXIT_FAILED }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { text: `motewire: this is a bug in motewire itself:\n${stack}`, exitCode: EXIT_FAILED }
}
