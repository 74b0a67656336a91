import { connect, type IClientOptions, type MqttClient } from "mqtt"
import { setTimeout as sleep } from "node:timers/promises"
import { eventually } from "../vm/eventually"

const KEPT_S = 3600
const SOON_MS = 30_000
/** NATS sends again after 2 s, elects leaders in up to 10. */
const HEARS_WITHIN_MS = 20_000

/** An independent client that connects once and notes all it hears, from the first packet after CONNACK on. */
export class Witness {
  readonly heard: { topic: string; payload: string; qos: number; retain: boolean }[] = []
  sessionWasKept = false
  private readonly client: MqttClient

  private constructor(port: number, version: 4 | 5, options: IClientOptions) {
    const keeps = version === 5 && options.clean === false
    this.client = connect(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: version,
      reconnectPeriod: 0,
      ...(keeps && { properties: { sessionExpiryInterval: KEPT_S } }),
      ...options,
    })
    this.client.on("message", (topic, payload, { qos, retain }) =>
      this.heard.push({ topic, payload: payload.toString(), qos, retain }),
    )
    // What waits for an acknowledgement fails now, not never.
    this.client.on("close", () => this.client.end(true))
  }

  /** Knocks until it is let in: while its leaders are elected, a cluster closes connections. */
  static async connectSoon(port: number, version: 4 | 5, options?: IClientOptions): Promise<Witness> {
    for (const endMs = performance.now() + SOON_MS; ;) {
      try {
        return await Witness.connect(port, version, options)
      } catch (error) {
        if (performance.now() > endMs) throw error
        await sleep(50)
      }
    }
  }

  static connect(port: number, version: 4 | 5, options: IClientOptions = {}): Promise<Witness> {
    const witness = new Witness(port, version, options)
    return new Promise((resolve, reject) => {
      const refused = () => reject(new Error(`port ${port} takes no client`))
      witness.client
        .on("error", refused)
        .on("close", refused)
        .on("connect", ({ sessionPresent }) => {
          witness.sessionWasKept = sessionPresent
          resolve(witness)
        })
    })
  }

  /** Resolves with the QoS that SUBACK grants; 128 is a refusal. */
  async subscribe(filter: string, qos: 0 | 1 | 2): Promise<number> {
    return (await this.client.subscribeAsync(filter, { qos }))[0]!.qos
  }

  /** Resolves when the broker has acknowledged it. */
  async publish(topic: string, payload: string, qos: 0 | 1 | 2, retain = false): Promise<void> {
    await this.client.publishAsync(topic, payload, { qos, retain })
  }

  /** Publishes 1, 2, 3 … with `window` in flight at a time until the connection ends; the array fills with what was acknowledged. */
  flood(topic: string, qos: 1 | 2, window = 5): string[] {
    const acknowledged: string[] = []
    let count = 0
    const next = () => {
      const payload = `${++count}`
      this.client.publish(topic, payload, { qos }, (error) => {
        if (error) return
        acknowledged.push(payload)
        next()
      })
    }
    for (let started = 0; started < window; started++) next()
    return acknowledged
  }

  payloads(topic: string): string[] {
    return this.heard.filter((one) => one.topic === topic).map(({ payload }) => payload)
  }

  async hears(topic: string, payloads: string[]): Promise<void> {
    const missing = () => {
      const heard = new Set(this.payloads(topic))
      return payloads.filter((payload) => !heard.has(payload))
    }
    await eventually(
      () => missing().length === 0,
      () => `${missing().length} of ${payloads.length} on ${topic}, first ${missing()[0]}`,
      HEARS_WITHIN_MS,
    )
  }

  /** Says goodbye; a kept session waits from here on. */
  async leave(): Promise<void> {
    await this.client.endAsync()
  }

  /** Without a goodbye. */
  drop(): void {
    this.client.end(true)
  }
}
