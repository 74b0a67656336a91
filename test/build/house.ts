import path from "node:path"
import { BuildError } from "../../tools/build/program"

/** A checkout in miniature: src with a chip, a driver and an unused module, and programs beside it. */
export const HOUSE = path.resolve("test/build/fixtures/house")
export const LAMP = "apps/lamp.ts"

/** The message that a user would read. */
export async function refusalOf(build: Promise<unknown>): Promise<string> {
  const error = await build.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (error instanceof BuildError) return error.message
  throw new Error(`refused nothing, or crashed: ${String(error)}`)
}
