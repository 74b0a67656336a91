import { connect, type IClientOptions, type MqttClient } from "mqtt"
import { eventually } from "../vm/eventually"

const KEPT_S = 3600

/**
 * An independent client that comes back by itself when its broker does, with all it owes: MQTT.js keeps unfinished messages of
 * both directions as long as the client lives. Notes what it hears, by topic.
 */
export class Survivor {
  readonly heard: Record<string, string[]> = {}
  /** Published and not acknowledged. */
  pending = 0
  private readonly client: MqttClient

  private constructor(port: number, version: 4 | 5, clientId: string, options: IClientOptions) {
    this.client = connect(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: version,
      clientId,
      clean: false,
      reconnectPeriod: 50,
      queueQoSZero: false,
      ...(version === 5 && { properties: { sessionExpiryInterval: KEPT_S } }),
      ...options,
    })
    // Refused or reset while the broker is away: it tries again.
    this.client.on("error", () => {})
    this.client.on("message", (topic, payload) => (this.heard[topic] ??= []).push(payload.toString()))
  }

  static async connect(
    port: number,
    version: 4 | 5,
    clientId: string,
    options: IClientOptions = {},
  ): Promise<Survivor> {
    const survivor = new Survivor(port, version, clientId, options)
    await survivor.isBack()
    return survivor
  }

  async isBack(): Promise<void> {
    await eventually(() => this.client.connected, "a connection of MQTT.js", 30_000)
  }

  async subscribe(topic: string, qos: 0 | 1 | 2): Promise<void> {
    this.heard[topic] = []
    await this.client.subscribeAsync(topic, { qos })
  }

  publish(topic: string, payload: string, qos: 0 | 1 | 2): void {
    this.pending++
    this.client.publish(topic, payload, { qos }, () => void this.pending--)
  }

  async leave(): Promise<void> {
    await this.client.endAsync(true)
  }
}
