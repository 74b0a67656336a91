import type { IConnectPacket } from "mqtt-packet"
import type { Clock } from "../clock/clock"
import type { HouseEvent, Message, MqttAction } from "../events"
import { ClientConnection } from "./connection"
import type { BrokerStream } from "./connection"
import { Door } from "./door"
import { Session } from "./session"
import type { Qos } from "./session"
import { isTopicName, topicMatches } from "./topic"

/** Messages remembered for `messages`; older ones are forgotten, so that a house may run for months. */
const MAX_MESSAGES = 10_000

/**
 * The broker in the box: MQTT 3.1.1 on the house's clock. Synchronous and without host timers, so a fast run and a
 * paced run give the same trace; wills and keep-alives live in house time. The codec is mqtt-packet: not ours.
 */
export class Broker {
  /** CONNACK code for every CONNECT; 0 lets them in. */
  returnCode = 0
  /** With it, a client must give this user and password (else code 4). */
  credentials: { user: string; password: string } | undefined
  /** Filters that get 0x80 in SUBACK. */
  readonly refusedFilters = new Set<string>()
  /** What clients published, oldest first. */
  readonly messages: Message[] = []
  readonly retained = new Map<string, Message>()
  readonly clients = new Map<string, ClientConnection>()
  readonly sessions = new Map<string, Session>()
  private readonly connections = new Set<ClientConnection>()
  private readonly listeners = new Set<(message: Message) => void>()
  private readonly door = new Door(this)
  private running = true
  private clientNumber = 0

  constructor(
    readonly clock: Clock,
    private readonly emit: (event: HouseEvent) => void,
  ) {}

  get isRunning(): boolean {
    return this.running
  }

  /** The process dies: every connection is closed, the port refuses. `forget` loses sessions and retained messages too. */
  stop(options: { forget?: boolean } = {}): void {
    this.running = false
    for (const connection of [...this.connections]) connection.drop("broker stopped")
    if (!options.forget) return
    this.sessions.clear()
    this.retained.clear()
  }

  start(): void {
    this.running = true
  }

  onMessage(listener: (message: Message) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** As if some client had published it. Text goes as UTF-8; bytes as they are. */
  publish(topic: string, payload: string | Uint8Array, options: { qos?: Qos; retain?: boolean } = {}): void {
    if (!isTopicName(topic)) throw new Error(`"${topic}" is no topic to publish to: it is empty or has a wildcard`)
    const bytes = Buffer.from(payload as string).toString("latin1")
    this.route(this.message("", topic, bytes, options.qos ?? 0, options.retain ?? false))
  }

  /** Bytes to a client as they are, for malformed packets. Throws when the client is not connected. */
  sendRaw(clientId: string, bytes: string | Uint8Array): void {
    const connection = this.clients.get(clientId)
    if (!connection)
      throw new Error(
        `no client "${clientId}" is connected; there are: ${[...this.clients.keys()].join(", ") || "none"}`,
      )
    connection.sendRaw(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : Buffer.from(bytes))
  }

  /** Opens a real TCP port for any client; for runs at real time. Rejects with a reason, such as the port being taken. */
  listen(port: number, host?: string): Promise<{ url: string; port: number }> {
    return this.door.listen(port, host)
  }

  get url(): string | undefined {
    return this.door.url
  }

  /** Closes the real port. */
  close(): Promise<void> {
    return this.door.close()
  }

  accept(stream: BrokerStream): ClientConnection {
    const connection = new ClientConnection(this, stream)
    this.connections.add(connection)
    return connection
  }

  // What connections ask of the broker.

  check(packet: IConnectPacket): number {
    if (!this.credentials) return 0
    const { user, password } = this.credentials
    return packet.username === user && packet.password?.toString("latin1") === password ? 0 : 4
  }

  maySubscribe(filter: string): boolean {
    return !this.refusedFilters.has(filter)
  }

  nextClientNumber(): number {
    return ++this.clientNumber
  }

  message(from: string, topic: string, payload: string, qos: Qos, retain: boolean): Message {
    return { atUs: this.clock.nowUs, from, topic, payload, qos, retain }
  }

  /** [MQTT-3.1.4-2] a second client with the same id takes over. */
  attach(connection: ClientConnection, isClean: boolean): { session: Session; isPresent: boolean } {
    const { clientId } = connection
    this.clients.get(clientId)?.drop("taken over by a new connection")
    const kept = this.sessions.get(clientId)
    const isPresent = !isClean && kept !== undefined && !kept.isClean
    const session = isPresent ? kept : new Session(clientId, isClean)
    this.sessions.set(clientId, session)
    this.clients.set(clientId, connection)
    return { session, isPresent }
  }

  detach(connection: ClientConnection): void {
    this.connections.delete(connection)
    if (this.clients.get(connection.clientId) !== connection) return
    this.clients.delete(connection.clientId)
    if (connection.session?.isClean) this.sessions.delete(connection.clientId)
  }

  routeWill(will: Message): void {
    const message = { ...will, atUs: this.clock.nowUs }
    this.emit({
      atUs: message.atUs,
      device: "house",
      kind: "mqtt",
      action: "will",
      client: will.from,
      topic: will.topic,
    })
    this.route(message)
  }

  /** Remembered, and told to whoever listens: a message that this broker, or a real one in its place, has accepted. */
  note(message: Message): void {
    this.messages.push(message)
    if (this.messages.length > MAX_MESSAGES) this.messages.shift()
    for (const listener of this.listeners) listener(message)
    const { atUs, from, topic, payload, qos, retain } = message
    this.emit({ atUs, device: "house", kind: "mqtt", action: "publish", client: from, topic, payload, qos, retain })
  }

  route(message: Message): void {
    this.note(message)
    if (message.retain) this.retain(message)
    for (const session of this.sessions.values()) this.routeTo(session, message)
  }

  /** [MQTT-3.3.1-6] the newest retained message of each topic, with the retain flag set */
  sendRetained(connection: ClientConnection, filter: string, qos: Qos): void {
    for (const message of this.retained.values())
      if (topicMatches(filter, message.topic)) this.give(connection.session!, message, qos, true)
  }

  tell(
    action: MqttAction,
    connection: ClientConnection,
    fields: { topic?: string; qos?: number; reason?: string },
  ): void {
    const client = connection.clientId || connection.peer
    this.emit({ atUs: this.clock.nowUs, device: "house", kind: "mqtt", action, client, ...defined(fields) })
  }

  /** [MQTT-3.3.1-10] an empty payload forgets */
  private retain(message: Message): void {
    if (message.payload.length) this.retained.set(message.topic, message)
    else this.retained.delete(message.topic)
  }

  /** Overlapping filters give one copy at the highest QoS, as 3.1.1 lets a server choose (§3.3.5). */
  private routeTo(session: Session, message: Message): void {
    let highest = -1
    for (const [filter, qos] of session.subscriptions)
      if (qos > highest && topicMatches(filter, message.topic)) highest = qos
    if (highest >= 0) this.give(session, message, highest as Qos, false)
  }

  private give(session: Session, message: Message, limit: Qos, retain: boolean): void {
    const qos = Math.min(message.qos, limit) as Qos
    const connection = this.clients.get(session.clientId)
    if (qos === 0) return connection?.deliverOnce(message, retain)
    const item = session.enqueue(message, qos, retain)
    if (item) connection?.deliver(item)
  }
}

/** Plain data has no undefined fields: they would vanish in JSON and differ after a round trip. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
