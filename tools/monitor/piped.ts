import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import { Failure } from "../failure"
import type { Monitor } from "./monitor"

/** A line waits so long for the prompt: a board that is silent (echo off) shows none. */
const PROMPT_WITHIN_MS = 2000
/** The answer to the last line. A program that blocks in a connect takes seconds. */
const ANSWER_WITHIN_MS = 10_000
/** What is printed behind an answer, by a timer of 0 ms for instance. */
const LINGER_MS = 300
const LOOK_EVERY_MS = 20

/**
 * Types what comes through a pipe, a line at each prompt. Resolves when the last was answered; never when nothing came, as from
 * /dev/null: then somebody only listens.
 */
export async function typePiped(monitor: Monitor, input: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  let count = 0
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    while (!monitor.board && !signal.aborted) await sleep(LOOK_EVERY_MS)
    if (signal.aborted) return
    if (count++) await atPrompt(monitor, PROMPT_WITHIN_MS)
    await monitor.board?.type(line)
  }
  if (!count) return new Promise(() => {})
  if (!(await atPrompt(monitor, ANSWER_WITHIN_MS)) && !signal.aborted)
    throw new Failure("the board did not answer within 10 s: its program is busy, or its console is silent (echo(0)).")
  await sleep(LINGER_MS)
}

async function atPrompt(monitor: Monitor, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  do {
    await sleep(LOOK_EVERY_MS)
    if (monitor.board?.hasAnswered) return true
  } while (performance.now() < untilMs)
  return false
}
