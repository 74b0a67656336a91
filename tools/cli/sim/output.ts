import { once } from "node:events"
import type { Colors } from "picocolors/types"
import type { HouseEvent, HouseView, LogLevel } from "../../../sim/events"
import { fit } from "../../text/terminal"
import type { Heard, Summary } from "./protocol"
import { houseTime, levelOf, say, whoOf } from "../../text/say"

export interface Ready {
  devices: string[]
  url?: string
  /** Why the broker is not where one would look for it. */
  note?: string
  /** A command that shows the messages. */
  hint?: string
  /** Where the console of a board is, and a command that uses it. */
  console?: string
  flash?: string
}

/** Where a run is told: the live view, plain lines or JSON. */
export interface Output {
  ready(ready: Ready): void
  event(event: HouseEvent): void
  show(view: HouseView, heard: Heard): void
  /** Resolves when more can be written without piling up. */
  drained(): Promise<void>
  close(summary?: Summary): void
}

/** A stream as far as these need it; `writableNeedDrain` says that the reader is behind. */
export type Sink = Pick<NodeJS.WriteStream, "write" | "writableNeedDrain" | "once" | "off" | "on" | "emit">

abstract class Lines implements Output {
  constructor(private readonly sink: Sink) {}
  abstract ready(ready: Ready): void
  abstract event(event: HouseEvent): void
  show(): void {}
  close(_summary?: Summary): void {}

  async drained(): Promise<void> {
    if (this.sink.writableNeedDrain) await once(this.sink as NodeJS.WriteStream, "drain")
  }

  protected line(text: string): void {
    this.sink.write(`${text}\n`)
  }
}

/** One line an event, for pipes, logs and people without a live terminal. */
export class PlainOutput extends Lines {
  private readonly paints: Record<LogLevel, (text: string) => string>
  private devices: string[] = []
  constructor(
    sink: Sink,
    private readonly colors: Colors,
  ) {
    super(sink)
    this.paints = { debug: colors.dim, info: String, warn: colors.yellow, error: colors.red }
  }

  ready({ devices, url, note, hint, console, flash }: Ready): void {
    this.devices = devices
    this.line(`boards: ${devices.join(", ")}`)
    this.line(`broker: ${url ?? "inside"}${note ? ` (${note})` : ""}`)
    if (hint) this.line(`try: ${hint}`)
    if (console) this.line(`console: ${console}`)
    if (flash) this.line(`try: ${flash}`)
  }

  event(event: HouseEvent): void {
    const when = this.colors.dim(houseTime(event.atUs, true))
    this.line(`${when}  ${fit(whoOf(event, this.devices), 10)}  ${this.paints[levelOf(event)](say(event))}`)
  }
}

/** One JSON object a line: `ready` first, then the house's events as they are, `summary` last. */
export class JsonOutput extends Lines {
  ready(ready: Ready): void {
    this.line(
      JSON.stringify({
        kind: "ready",
        devices: ready.devices,
        broker: ready.url ?? null,
        note: ready.note,
        console: ready.console,
      }),
    )
  }

  event(event: HouseEvent): void {
    this.line(JSON.stringify(event))
  }

  override close(summary?: Summary): void {
    if (summary) this.line(JSON.stringify({ kind: "summary", ...summary }))
  }
}
