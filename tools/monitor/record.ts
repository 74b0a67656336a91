import type { LogLevel } from "../../sim/events"
import type { ChipFrame } from "./frames"
import type { Origin, Place } from "./places"

/** A frame, and where in the TypeScript it is when that is certain. */
export interface Frame {
  chip: ChipFrame
  place?: Place
}

/** What a monitor tells, one after the other. `timeMs` is when it came in, since 1970. */
export type MonitorRecord =
  | { timeMs: number; kind: "line"; level: LogLevel; text: string }
  /** `text` is the error's own words; `likely` where none of them has a place; `raw` all its lines as they came. */
  | { timeMs: number; kind: "trace"; level: LogLevel; text: string; frames: Frame[]; likely?: Origin; raw: string[] }
  /** Of the monitor, not of the board. */
  | { timeMs: number; kind: "event"; level: LogLevel; event: MonitorEvent; text: string }

export type MonitorEvent = "connected" | "unplugged" | "restart" | "build" | "key"
