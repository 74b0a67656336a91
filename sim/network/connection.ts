import type { Clock } from "../clock/clock"
import type { Line } from "./line"
import { Pipe } from "./pipe"
import type { PipeTraits } from "./pipe"

export type CloseReason = "fin" | "reset" | "timeout"

/** One end of a TCP connection. Byte strings; handlers never run inside the call that caused them. */
export interface End {
  onData: (bytes: string) => void
  onClose: (reason: CloseReason) => void
  /** Set by a board: its network has taken all. Called in a replay only; else the board knows by itself. */
  onDrain?: () => void
  readonly isOpen: boolean
  send(bytes: string): void
  /** Orderly: what was sent arrives first. */
  close(): void
  /** The peer gets a reset. */
  abort(): void
  /** This end is gone without a word, as after a power cut: the peer learns it when it next sends. */
  vanish(): void
}

/** A connection between a board and a service. Either end may believe in it longer than the other. */
export class Connection {
  readonly line: Line
  readonly host: string
  readonly port: number
  /** Set by whoever sees an accepted CONNACK pass: the link state of a board is observed from outside. */
  isOnline = false
  readonly board: End
  readonly service: End
  /** Both ends are told of a reset, as by a router that lost its table; not inside this call. */
  readonly reset: () => void

  constructor(clock: Clock, traits: PipeTraits, line: Line, address: { host: string; port: number }) {
    this.line = line
    this.host = address.host
    this.port = address.port
    const board = new Side()
    const service = new Side()
    const pipe = (to: Side, from: Side) =>
      new Pipe(
        clock,
        traits,
        { line, isFromBoard: from === board },
        (kind, bytes) => to.receive(kind, bytes),
        () => from.end("timeout"),
      )
    board.out = pipe(service, board)
    service.out = pipe(board, service)
    this.board = board
    this.service = service
    this.reset = () => {
      for (const side of [board, service]) clock.after(traits.latencyMs * 1000, () => side.end("reset"))
    }
  }
}

class Side implements End {
  onData: (bytes: string) => void = () => undefined
  onClose: (reason: CloseReason) => void = () => undefined
  isOpen = true
  out!: Pipe

  send(bytes: string): void {
    if (this.isOpen) this.out.send(bytes)
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.out.finish("fin")
  }

  abort(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.out.stop()
    this.out.finish("rst")
  }

  vanish(): void {
    this.isOpen = false
    this.out.stop()
  }

  end(reason: CloseReason): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.out.stop()
    this.onClose(reason)
  }

  receive(kind: "data" | "fin" | "rst", bytes: string): void {
    if (kind === "rst") return this.end("reset")
    if (!this.isOpen) return kind === "data" ? this.out.finish("rst") : undefined
    if (kind === "data") return this.onData(bytes)
    // A half-closed connection is closed at once on the chip (Espruino 2v29); our services do the same.
    this.out.finish("fin")
    this.isOpen = false
    this.onClose("fin")
  }
}
