import { shapedWave } from "../pins/bus-wire"
import type { Change } from "../pins/bus-wire"
import type { Net } from "../pins/net"
import { serialWave } from "./serial-wave"

/** What a wire carries while a byte passes: 1 start bit, 8 data bits, least significant first, no parity, 1 stop bit. */
export const FRAME_BITS = 10

/** Bytes on a wire, back to back. */
export interface SerialRun {
  /** The sender's, whatever the receiver believes. */
  baud: number
  bytes: string
  startUs: number
  /** What a spoilt wire makes of it; absent on a whole one. High before the first of them. */
  seen?: Change[]
}

/** Who sends on which wire, and who listens. A run is handed on at its start: the receiver works out what it makes of it. */
export class SerialWiring {
  private readonly placed: { rx: Net; onRun: (run: SerialRun) => void }[] = []

  /** Until the result is called. */
  listen(rx: Net, onRun: (run: SerialRun) => void): () => void {
    const place = { rx, onRun }
    this.placed.push(place)
    return () => void this.placed.splice(this.placed.indexOf(place), 1)
  }

  /** A wire that is cut, or held at one level, carries nothing. `sender` is who drives it. */
  send(tx: Net, sender: object, run: SerialRun): void {
    const { held, isOpen } = tx.seenFrom(sender)
    if (isOpen || held !== undefined) return
    const { startUs, baud, bytes } = run
    const isSpoilt = tx.isSpoilt(startUs, startUs + runUs(bytes.length, baud))
    const came = isSpoilt ? { ...run, seen: shapedWave(tx, serialWave({ ...run, atUs: startUs }), 1) } : run
    for (const { rx, onRun } of [...this.placed]) if (rx === tx) onRun(came)
  }
}

/** How long so many bytes keep the wire. */
export const runUs = (count: number, baud: number): number => Math.ceil((count * FRAME_BITS * 1e6) / baud)
