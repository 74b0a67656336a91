import pc from "picocolors"
import { ConsoleLines } from "../monitor/console-lines"
import type { Places } from "../monitor/places"
import { placeLines } from "../monitor/show"
import { Traces } from "../monitor/traces"
import { firstWords } from "./first-words"

/** An error of a program: its own words, and lines that say where in the TypeScript it is. */
export interface ToldError {
  head: string
  lines: string[]
}

/** Finds the places of the program that is on trial; undefined where nobody knows its source. */
export type PlacesOfTrial = () => Promise<Places | undefined>

/** The program's first error out of all that a board says when it starts; undefined when there is none. */
export async function errorIn(heard: string, placesNow: PlacesOfTrial): Promise<ToldError | undefined> {
  const trace = saidIn(heard).find((said) => said.kind === "trace" && said.head !== "")
  if (trace?.kind !== "trace") return undefined
  const places = await placesNow()
  const frames = trace.frames.map((chip) => ({ chip, place: places?.of(chip) }))
  const likely = frames.some(({ place }) => place) ? undefined : places?.likely(trace.head)
  const record = { ...trace, timeMs: 0, level: "error" as const, text: trace.head, frames, likely }
  return { head: trace.head.split("\n")[0]!, lines: placeLines(record, pc).map((line) => `  ${line}`) }
}

/** The program's words without its traces. */
export const wordsBeside = (heard: string): string[] =>
  firstWords(
    saidIn(heard)
      .map((said) => (said.kind === "line" ? `${said.text}\n` : ""))
      .join(""),
  )

function saidIn(heard: string) {
  const traces = new Traces()
  // Answers to our own questions stand where the prompt was.
  const rows = new ConsoleLines().take(heard.replace(/<mw:.*?:mw>/gs, ""))
  return [...rows.flatMap((row) => traces.take(row)), ...traces.flush()]
}
