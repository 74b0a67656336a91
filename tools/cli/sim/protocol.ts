import type { DeviceSpec } from "../../../sim/device"
import type { HouseEvent, HouseView, LogLevel } from "../../../sim/events"
import type { EnergyReport } from "../../../sim/energy/power"
import type { RoomRow } from "../../../sim/room"
import type { TraceHeader } from "../../../sim/trace/header"
import type { BrokerUrl } from "./options"

/** What the command hands the worker that runs the house: plain data, since it crosses threads. */
export interface Setup {
  devices: DeviceSpec[]
  /** Source map of each board's bundle, by its name, as JSON. */
  maps: Record<string, string>
  /** That of the config file. */
  folder: string
  seed: number
  speed: number | "max"
  forUs?: number
  network: { ssid: string; password?: string }
  broker: "embedded" | BrokerUrl
  /** Where the built-in broker listens; "free" tries 1883 and the ports after it, undefined keeps it inside. */
  door?: number | "free"
  room?: RoomRow[]
  faults: string[]
  /** The summary tells what each board drew. */
  tellsEnergy: boolean
  /** Events below this are not sent. */
  level: LogLevel
  trace?: { file: string; header: TraceHeader }
  /** The board whose console is at a terminal. */
  console?: string
  /** Views are sent for a live view only. */
  isLive: boolean
  /** Int32: see PULSE_*. Shared memory, because a worker that hangs sends nothing. */
  pulse: SharedArrayBuffer
}

/** Counts the worker's turns of the clock. */
export const PULSE_TURNS = 0
/** 1 + index in Setup.devices of the board that was seen at work last. */
export const PULSE_DEVICE = 1
export const PULSE_BYTES = 8

export type FromWorker =
  | { say: "ready"; broker: { url?: string; note?: string }; console?: string }
  | { say: "refused"; reason: string }
  | { say: "events"; events: HouseEvent[] }
  | { say: "view"; view: HouseView; heard: Heard }
  | { say: "ended"; summary: Summary }

/** The newest message the broker handed to each client, by client id. */
export type Heard = Record<string, { atUs: number; topic: string; payload: string }>

export type ToWorker = { ask: "stop" } | { ask: "more" } | { ask: "press"; device: string; part: string }

export interface Summary {
  houseUs: number
  hostMs: number
  messages: number
  halts: number
  /** Boards that ended badly, in words: stopped for good, or set up by half. */
  failures: string[]
  /** When it was asked for: of each board whose figures are known. */
  energy?: EnergyReport[]
}

/** Thrown in the worker for what the user can mend; crosses the thread as its message. */
export class Refused extends Error {}
