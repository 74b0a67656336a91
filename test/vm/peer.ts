import { connectAsync, type IClientOptions, type MqttClient } from "mqtt"
import { eventually } from "./eventually"

export interface Received {
  topic: string
  payload: string
  qos: number
  retain: boolean
}

/** Another client of the broker. Payloads are byte strings here too. */
export class Peer {
  readonly received: Received[] = []

  private constructor(readonly client: MqttClient) {
    client.on("message", (topic, payload, { qos, retain }) =>
      this.received.push({ topic, payload: payload.toString("latin1"), qos, retain }),
    )
  }

  static async connect(port: number, options: IClientOptions = {}): Promise<Peer> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 4,
      reconnectPeriod: 50,
      ...options,
    })
    return new Peer(client)
  }

  async subscribe(filter: string): Promise<void> {
    await this.client.subscribeAsync(filter, { qos: 1 })
  }

  async publish(topic: string, payload: string, qos: 0 | 1 = 1, retain = false): Promise<void> {
    await this.client.publishAsync(topic, Buffer.from(payload, "latin1"), { qos, retain })
  }

  payloads(topic: string): string[] {
    return this.received.filter((one) => one.topic === topic).map(({ payload }) => payload)
  }

  /** Waits until `topic` has brought a payload for which `holds`, and returns it. */
  async got(topic: string, holds: (payload: string) => boolean, withinMs?: number): Promise<string> {
    const what = () => `a message on ${topic}; so far: ${JSON.stringify(this.payloads(topic))}`
    await eventually(() => this.payloads(topic).some(holds), what, withinMs)
    return this.payloads(topic).find(holds)!
  }

  close(): void {
    this.client.end(true)
  }
}
