import { crc32 } from "node:zlib"
import { utf8Bytes } from "../espruino/source"
import type { HouseEvent } from "../events"
import type { SettingsRecord } from "../record"
import { headerLines } from "./header"
import type { TraceHeader } from "./header"
import { printable, word } from "./text"
import { traceLine } from "./trace"

/** A secret this long is hidden wherever it stands: a shorter one may be a word that means something else. WPA2 asks for 8. */
const LEAST_SECRET_BYTES = 8

/** Writes a trace line by line, as it happens; what was written so far can always be read. */
export class Recorder {
  private sum = 0
  private events = 0
  /** As they would stand in a line, and what stands there instead. */
  private readonly secrets = new Map<string, string>()

  /** `records` as Storage has them: their secrets never reach `write`. */
  constructor(
    header: TraceHeader,
    records: (SettingsRecord | undefined)[],
    private readonly write: (text: string) => void,
  ) {
    const written = records.flatMap((record) => [record?.pass, record?.pw]).filter((secret) => secret !== undefined)
    const long = written.map(utf8Bytes).filter((secret) => secret.length >= LEAST_SECRET_BYTES)
    for (const secret of long)
      for (const write of [printable, word]) this.secrets.set(write(secret), "*".repeat(secret.length))
    for (const line of headerLines(header)) this.put(line)
  }

  event(event: HouseEvent): void {
    this.events++
    this.put(this.hidden(event))
  }

  /** The last line: until when nothing more happened, and the sum by which a change is noticed. */
  end(atUs: number): void {
    const line = endText(atUs, this.events)
    this.write(`${line}${sumText(crc32(line, this.sum))}\n`)
  }

  private put(line: string): void {
    this.sum = crc32(`${line}\n`, this.sum)
    this.write(`${line}\n`)
  }

  /** A program may print what it read in Storage. */
  private hidden(event: HouseEvent): string {
    let line = traceLine(event)
    for (const [secret, stars] of this.secrets) if (line.includes(secret)) line = line.replaceAll(secret, stars)
    return line
  }
}

export const endText = (atUs: number, events: number): string => `end ${atUs}us ${events} events `
export const sumText = (sum: number): string => sum.toString(16).padStart(8, "0")
