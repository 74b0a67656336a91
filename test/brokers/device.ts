import { connect, type Connection, type ConnectOptions } from "../../tools/mqtt/connect"
import { eventually } from "../vm/eventually"

/** Our own client on the host adapters, as a script would use it; notes what it hears and what it is told. */
export class Device {
  readonly heard: Record<string, string[]> = {}
  readonly troubles: string[] = []
  /** The URLs that it was accepted at, one after the other, and why each connection ended or was not made. */
  readonly ups: { isResumed: boolean; url: string }[] = []
  readonly downs: string[] = []
  readonly mqtt: Connection

  constructor(urls: string | string[], options: Partial<ConnectOptions> = {}) {
    this.mqtt = connect({
      urls,
      firstRetryMs: 100,
      onUp: (isResumed, url) => void this.ups.push({ isResumed, url }),
      onDown: (_, why) => void this.downs.push(why),
      onTrouble: (code, about) => void this.troubles.push(`${code} ${about}`),
      ...options,
    })
  }

  listen(topic: string, qos: 0 | 1 | 2): void {
    const heard: string[] = (this.heard[topic] = [])
    this.mqtt.subscribe(topic, (payload) => heard.push(payload), qos)
  }

  private rounds = 0

  /** All that was subscribed to so far is in place at the broker: it answers in order. */
  async settled(): Promise<void> {
    const topic = `settled/${process.pid}/${++this.rounds}`
    this.listen(topic, 1)
    this.mqtt.publish(topic, "", { qos: 1 })
    await eventually(
      () => this.heard[topic]!.length > 0,
      () => `its own message: ${this.downs.join(", ")}`,
      30_000,
    )
    this.mqtt.unsubscribe(topic)
  }
}
