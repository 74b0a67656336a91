import type { HouseEvent } from "../../../sim/events"
import type { FromWorker } from "./protocol"

/** Batches on the way that have not been asked for again: beyond this the house waits for whoever reads. */
const MAX_UNREAD = 8
const BATCH = 256

/** Events leave the worker in batches, and no faster than they are read: a pipe that stalls must not fill the memory. */
export class Outbox {
  private waiting: HouseEvent[] = []
  private unread = 0
  constructor(private readonly post: (message: FromWorker) => void) {}

  add(event: HouseEvent): void {
    this.waiting.push(event)
    if (this.waiting.length >= BATCH) this.flush()
  }

  flush(): void {
    if (this.waiting.length === 0) return
    this.post({ say: "events", events: this.waiting })
    this.waiting = []
    this.unread++
  }

  /** The reader has dealt with one batch. */
  wasRead(): void {
    this.unread--
  }

  get isFull(): boolean {
    return this.unread >= MAX_UNREAD
  }
}
