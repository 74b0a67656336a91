import { setTimeout as sleep } from "node:timers/promises"
import type { SerialLine } from "../serial/port"
import { Listener, type Hearing } from "./listener"

/** How often a cable that was pulled is looked for. */
const LOOK_EVERY_MS = 400
/** A board that is reset by opening its port is let alone until it has started. */
const INTRODUCE_AFTER_MS = 300

interface Monitoring extends Hearing {
  /** Opens the port again, or the one where the same board is now. Rejects while there is none. */
  open: () => Promise<SerialLine>
  /** As it is told to the user. */
  name: string
  signal: AbortSignal
}

/** Listens to a board until the signal, over all times that its cable is pulled. */
export class Monitor {
  private listener: Listener | undefined

  constructor(private readonly monitoring: Monitoring) {}

  /** The board that is plugged in; undefined while there is none. */
  get board(): Listener | undefined {
    return this.listener
  }

  async run(first: SerialLine): Promise<void> {
    const { name, signal } = this.monitoring
    for (let line: SerialLine | undefined = first; line; line = await this.again()) {
      this.event("info", "connected", `listening to ${name}`)
      await this.listen(line)
      if (signal.aborted) return
      this.event("warn", "unplugged", `${name} is gone: waiting until it is plugged in again`)
    }
  }

  private async listen(line: SerialLine): Promise<void> {
    const { signal } = this.monitoring
    const listener = (this.listener = new Listener(line, this.monitoring))
    const pulled = new Promise<void>((resolve) => line.onClose(resolve))
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
    const introduction = setTimeout(() => void listener.introduce(), INTRODUCE_AFTER_MS)
    if (!signal.aborted) await Promise.race([pulled, stopped])
    clearTimeout(introduction)
    this.listener = undefined
    await listener.settled()
    await line.close()
  }

  private async again(): Promise<SerialLine | undefined> {
    const { open, signal } = this.monitoring
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
      const line = signal.aborted ? undefined : await open().catch(() => undefined)
      if (line) return line
    }
    return undefined
  }

  private event(level: "info" | "warn", event: "connected" | "unplugged", text: string): void {
    const { tell, nowMs } = this.monitoring
    tell({ timeMs: nowMs(), kind: "event", level, event, text })
  }
}
