import { BuildError } from "../build/problem"
import { ConfigError } from "../config/problem"
import { EXIT_FAILED, Failure } from "../failure"

/** What to print and how to exit for anything thrown by a command. Only bugs of motewire show a stack. */
export function verdictOn(error: unknown): { text: string; exitCode: number } {
  if (error instanceof Failure) return { text: `motewire: ${error.message}`, exitCode: error.exitCode }
  if (error instanceof ConfigError || error instanceof BuildError) return { text: error.message, exitCode: EXIT_FAILED }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { text: `motewire: this is a bug in motewire itself:\n${stack}`, exitCode: EXIT_FAILED }
}
