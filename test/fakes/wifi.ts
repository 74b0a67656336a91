import type { Wifi } from "../../src/hal/wifi"

type Listener = (details: { ip: string; reason: string; msg?: string }) => void

/** A station whose fate the test decides: it answers nothing by itself, and one answer per question. */
export class FakeWifi implements Wifi {
  /** Every attempt, as "ssid/password". */
  readonly attempts: string[] = []
  disconnects = 0
  /** Names asked for and not answered yet. */
  readonly lookups: { host: string; answer: (ip: string | null | undefined) => void }[] = []
  private readonly listeners: Record<string, Listener[]> = { connected: [], disconnected: [] }
  private onDone: ((error: string | null) => void) | undefined

  connect(ssid: string, options: { password?: string }, onDone: (error: string | null) => void): void {
    if (typeof options !== "object") throw new Error("the firmware takes an object of options only")
    this.attempts.push(`${ssid}/${options.password}`)
    this.onDone = onDone
  }

  /** Leaves, which the chip tells as well. */
  disconnect(): void {
    this.disconnects++
    this.onDone = undefined
    this.emit("disconnected", "8")
  }

  on(event: string, run: Listener): void {
    const list = this.listeners[event]
    if (!list) throw new Error(`listens to ${event}: every Wi-Fi event costs blocks`)
    list.push(run)
  }

  getHostByName(host: string, onAddress: (ip: string | null | undefined) => void): void {
    this.lookups.push({ host, answer: onAddress })
  }

  /** An address was leased: the event first, then the callback, as on the chip. */
  join(): void {
    this.emit("connected")
    this.done(null)
  }

  /** The firmware mended a loss by itself, and only says so. */
  rejoin(): void {
    this.emit("connected")
  }

  /** Both firmwares raise the event; the later one calls back as well. */
  refuse(reason: string, firmware: "2v29" | "later", words?: string): void {
    this.emit("disconnected", reason, words)
    if (firmware === "later") this.done(reason)
  }

  lose(reason = "200"): void {
    this.emit("disconnected", reason)
  }

  /** Answers the oldest lookup. */
  resolve(ip: string | null | undefined): void {
    const lookup = this.lookups.shift()
    if (!lookup) throw new Error("no name was asked for")
    lookup.answer(ip)
  }

  private done(error: string | null): void {
    if (!this.onDone) throw new Error("nobody waits for an attempt")
    const run = this.onDone
    this.onDone = undefined
    run(error)
  }

  private emit(event: "connected" | "disconnected", reason = "", words?: string): void {
    for (const run of this.listeners[event]!) run({ ip: "10.0.0.9", reason, ...(words && { msg: words }) })
  }
}
