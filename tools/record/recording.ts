import type { Board } from "../../sim/board"
import type { HouseEvent } from "../../sim/events"
import type { TracedDevice } from "../../sim/trace/header"
import { Recorder } from "../../sim/trace/recorder"
import { brokeReason } from "../../sim/replay/broke"
import { Converter } from "./convert"
import { Lines } from "./lines"

/** Events of this time may still come in between: a button is told of when it has been steady. */
const HOLD_US = 1_000_000

interface RecordingOptions {
  by: string
  /** `mac` is what the board says. */
  device: Omit<TracedDevice, "mac">
  board: Board
  /** Hears the trace, line by line. */
  write(text: string): void
  /** What the firmware printed beside the recorder. */
  onNoise?(text: string): void
}

/** A board's console on its way into a trace. */
export class Recording {
  events = 0
  /** Why nothing more is taken, for a person to read. */
  broke: string | undefined
  private readonly lines: Lines
  private readonly converter: Converter
  private writer: Recorder | undefined
  private held: HouseEvent[] = []
  private writtenUs = 0

  constructor(private readonly options: RecordingOptions) {
    const { name } = options.device
    this.converter = new Converter(
      options.board,
      (atUs, telling) => this.held.push({ atUs: Math.max(0, atUs), device: name, ...telling } as HouseEvent),
      (why) => this.break(why),
    )
    this.lines = new Lines({
      onRecord: (record) => this.broke === undefined && this.converter.take(record),
      onNoise: (text) => options.onNoise?.(text),
      onBreak: (why) => this.break(why),
    })
  }

  /** Lines of the recorder that came, of the program's beginning or not. */
  get lineCount(): number {
    return this.lines.count
  }

  /** The board has told of its beginning. */
  get hasBegun(): boolean {
    return this.converter.boots > 0
  }

  /** Since the board's reset. */
  get atUs(): number {
    return this.converter.atUs
  }

  take(bytes: string): void {
    this.lines.take(bytes)
    this.converter.settle(this.atUs)
    if (this.atUs > this.writtenUs + HOLD_US) this.put(this.atUs - HOLD_US)
  }

  end(): void {
    this.lines.end()
    this.converter.end()
    this.put(Infinity)
    this.writer?.end(this.atUs)
  }

  private break(why: string): void {
    if (this.broke !== undefined) return
    this.broke = why
    this.converter.tell({ kind: "fault", reason: brokeReason(why) })
  }

  private put(untilUs: number): void {
    if (!this.hasBegun) return
    this.writer ??= this.makeWriter()
    this.held.sort((a, b) => a.atUs - b.atUs)
    const count = this.held.findIndex(({ atUs }) => atUs > untilUs)
    for (const event of this.held.splice(0, count < 0 ? this.held.length : count)) {
      this.writer.event(event)
      this.events++
    }
    this.writtenUs = untilUs
  }

  private makeWriter(): Recorder {
    const { by, device, write } = this.options
    const mac = this.converter.serial!.match(/[\da-f]{2}/gi)!.map((byte) => parseInt(byte, 16))
    return new Recorder({ by, origin: "board", devices: [{ ...device, mac }] }, [device.settings], write)
  }
}
