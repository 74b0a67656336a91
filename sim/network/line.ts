import type { Random } from "../clock/random"

/**
 * The path between one board and the rest of the network. While it is closed, segments wait (TCP repeats them)
 * until it opens again or the sender gives up.
 */
export class Line {
  readonly device: string
  /** Its own: what one board's packets draw does not shift another's. */
  readonly random: Random
  /** Wi-Fi is associated and has an address. */
  isUp = false
  /** Somebody pulled the cable behind the access point: nothing passes, and nobody is told. */
  isCut = false
  /** The peer's window is closed: nothing passes, for no visible reason. */
  isStalled = false
  /** What the air swallows, 0 to 1: for the radio to say. */
  lossShare: () => number = () => 0
  private readonly segmentListeners: ((bytes: number, isFromBoard: boolean) => void)[] = []
  private readonly waiting = new Set<() => void>()

  constructor(device: string, random: Random) {
    this.device = device
    this.random = random
  }

  isOpen(): boolean {
    return this.isUp && !this.isCut && !this.isStalled
  }

  /** Draws for one segment. A line that loses nothing draws nothing. */
  loses(): boolean {
    const share = this.lossShare()
    return share > 0 && this.random.next() < share
  }

  /** Hears each attempt to send a segment, lost ones too, with the bytes it carries. */
  onSegment(listener: (bytes: number, isFromBoard: boolean) => void): void {
    this.segmentListeners.push(listener)
  }

  passes(bytes: number, isFromBoard: boolean): void {
    for (const listener of this.segmentListeners) listener(bytes, isFromBoard)
  }

  set(change: Partial<Pick<Line, "isUp" | "isCut" | "isStalled">>): void {
    Object.assign(this, change)
    if (!this.isOpen()) return
    const waiting = [...this.waiting]
    this.waiting.clear()
    for (const run of waiting) run()
  }

  /** `run` is called once, when the line is open again. */
  whenOpen(run: () => void): void {
    this.waiting.add(run)
  }

  forget(run: () => void): void {
    this.waiting.delete(run)
  }
}
