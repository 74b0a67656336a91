import { setTimeout as sleep } from "node:timers/promises"

/** Other processes turn the world here, so their effects are polled for; the limit is only for what never comes. */
const LOOK_EVERY_MS = 10

export async function eventually(holds: () => boolean, what: string | (() => string), withinMs = 8000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > endMs)
      throw new Error(`waited ${withinMs} ms for ${typeof what === "string" ? what : what()}`)
    await sleep(LOOK_EVERY_MS)
  }
}
