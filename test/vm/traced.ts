import { readFileSync } from "node:fs"
import type { Board } from "../../sim/board"
import type { HouseEvent } from "../../sim/events"
import { BOOT_US } from "../../sim/chip"
import { BoardReplay } from "../../sim/replay/board"
import { eventOf, eventsOf, readTrace, type Trace } from "../../sim/trace/file"
import { traceLine } from "../../sim/trace/trace"

const BOARD = JSON.parse(readFileSync("boards/esp32-devkitc.json", "utf8")) as Board

/** A board's trace, to be played with changes. */
export class Traced {
  readonly events: HouseEvent[]
  private readonly trace: Trace

  constructor(
    text: string,
    private readonly bundle: string,
  ) {
    this.trace = readTrace(text)
    this.events = eventsOf(this.trace, this.trace.header.devices[0]!.name).map(eventOf)
  }

  /** The first difference, when `to` stands in the place of `event`, or nothing does; undefined when there is none. */
  differsWith(event: HouseEvent, to?: HouseEvent): string | undefined {
    const events = this.events
      .flatMap((each) => (each === event ? (to ?? []) : each))
      .toSorted((a, b) => a.atUs - b.atUs)
    const device = this.trace.header.devices[0]!
    const { endUs } = this.trace
    const { difference } = new BoardReplay({
      ...{ device, board: BOARD, bundle: this.bundle, events },
      ...(endUs !== undefined && { endUs }),
    }).run()
    const lines = [difference?.expected, difference?.got].filter((each) => each !== undefined).map(traceLine)
    return difference && lines.join(" / ")
  }

  /** Outputs of which the replay does not notice that one bit is another, or that they are two seconds late. */
  undetected(): string[] {
    return this.events.flatMap((event) => {
      const changed = oneBit(event)
      if (!changed) return []
      const all = { bit: changed, late: { ...event, atUs: event.atUs + 2_000_000 } }
      // A level that a pin has from its reset on may come late: it makes no edge.
      if (event.kind === "pin" && event.atUs === BOOT_US) Object.assign(all, { late: changed })
      return Object.entries(all)
        .filter(([, to]) => this.differsWith(event, to) === undefined)
        .map(([how]) => `${how}: ${traceLine(event)}`)
    })
  }

  riseBefore(atUs: number): number {
    return this.events.findLast((event) => event.kind === "pin" && event.level === "rise" && event.atUs < atUs)!.atUs
  }
}

/** Undefined for what the world did, and for what nothing is compared with. */
function oneBit(event: HouseEvent): HouseEvent | undefined {
  switch (event.kind) {
    case "log":
      return { ...event, text: flipped(event.text) }
    case "net":
      return event.direction === "tx" && !event.end ? { ...event, bytes: flipped(event.bytes) } : undefined
    case "pin":
      return event.by === "chip" ? { ...event, level: event.level === "rise" ? "fall" : "rise" } : undefined
    case "pwm":
      return { ...event, duty: event.duty + (event.duty > 0.5 ? -1 : 1) / 1023 }
    case "tcp":
      return { ...event, port: event.port ^ 1 }
    case "strip":
      return { ...event, bytes: flipped(event.bytes) }
    case "i2c":
      return event.isRead
        ? undefined
        : { ...event, bytes: event.bytes.map((byte) => byte ^ 1), address: event.address ^ 1 }
    default:
      return undefined
  }
}

/** One bit of the byte in the middle. */
function flipped(text: string): string {
  const at = text.length >> 1
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
}
