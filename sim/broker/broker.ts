import type { Packet } from "mqtt-packet"
import type { Clock } from "../clock/clock"
import type { HouseEvent, Message, MessageProperties, MqttAction } from "../events"
import { DEFAULT_CAPABILITIES } from "./capabilities"
import type { Capabilities } from "./capabilities"
import { ClientConnection } from "./connection"
import type { BrokerStream } from "./connection"
import { Door } from "./door"
import { Journal } from "./journal"
import type { Telling } from "./link"
import type { Qos } from "./outbox"
import type { Policy, Refusal } from "./policy"
import * as reason from "./reason"
import { Retained } from "./retained"
import { Router } from "./router"
import type { Session } from "./session"
import { Sessions } from "./sessions"
import { isTopicName } from "./topic"
import type { Will } from "./will"

export interface BrokerOptions {
  /** What differs from DEFAULT_CAPABILITIES. */
  capabilities?: Partial<Capabilities>
  policy?: Policy
}

/**
 * The broker in the box: MQTT 3.1.1 and 5.0 on the house's clock. Synchronous and without host timers, so a fast run and
 * a paced run give the same trace; wills, expiries and keep-alives live in house time. The codec is mqtt-packet: not ours.
 */
export class Broker {
  /** CONNACK code for every CONNECT, of 3.1.1 or a reason code of 5.0, each translated for the other; 0 lets them in. */
  returnCode = 0
  /** With it, a client must give this user and password (else code 4). */
  credentials: { user: string; password: string } | undefined
  /** Filters that get 0x80 in SUBACK, 0x87 in 5.0. */
  readonly refusedFilters = new Set<string>()
  /** Kinds of packets that the broker keeps to itself, as if they were lost: "puback", "pingresp" ... */
  readonly muted = new Set<Packet["cmd"]>()
  /** May be changed at any time; what was announced to a client that is there is not taken back. */
  readonly capabilities: Capabilities
  readonly policy: Policy
  /** Where every CONNECT is sent to; see `redirect`. */
  redirection: Refusal | undefined
  /** What clients published, oldest first. */
  readonly messages: Message[]
  readonly retained: Retained
  readonly clients = new Map<string, ClientConnection>()
  readonly sessions: Sessions
  readonly router: Router
  private readonly connections = new Set<ClientConnection>()
  private readonly journal: Journal
  private readonly door = new Door(this)
  private running = true
  private clientNumber = 0

  constructor(
    readonly clock: Clock,
    emit: (event: HouseEvent) => void,
    options: BrokerOptions = {},
  ) {
    this.capabilities = { ...DEFAULT_CAPABILITIES, ...options.capabilities }
    this.policy = { ...options.policy }
    this.journal = new Journal(clock, emit)
    this.messages = this.journal.messages
    this.retained = new Retained(clock)
    this.sessions = new Sessions(clock, {
      publishWill: (will) => this.routeWill(will),
      onSessionEnd: (session, isForgotten) => this.router.retire(session, isForgotten),
    })
    this.router = new Router(clock, this.capabilities, this.sessions, this.retained)
  }

  get isRunning(): boolean {
    return this.running
  }

  /**
   * The process dies: every connection is closed, the port refuses. `forget` loses sessions and retained messages too,
   * `goodbye` tells 5.0 clients that the server shuts down (0x8B).
   */
  stop(options: { forget?: boolean; goodbye?: boolean } = {}): void {
    this.running = false
    for (const connection of [...this.connections])
      if (options.goodbye) connection.dismiss({ code: reason.R_SHUTTING_DOWN, reason: "broker stopped" })
      else connection.cut("broker stopped")
    if (!options.forget) return
    this.forgetSessions()
    this.forgetRetained()
  }

  start(): void {
    this.running = true
  }

  /** Clients that are away are unknown from now on; one that is connected finds out when it comes back. */
  forgetSessions(): void {
    this.sessions.forget()
  }

  forgetRetained(): void {
    this.retained.clear()
  }

  /** Sends a client away, by default with 0x98, administrative action. Throws when it is not connected. */
  kick(clientId: string, refusal: Refusal = { code: reason.R_ADMINISTRATIVE }): void {
    this.connected(clientId).dismiss(refusal)
  }

  /** Everybody, connected or coming, is sent to another server: 0x9C, or 0x9D for good. Undefined takes clients again. */
  redirect(serverReference: string | undefined, isForGood = false): void {
    const code = isForGood ? reason.R_SERVER_MOVED : reason.R_USE_ANOTHER_SERVER
    this.redirection = serverReference === undefined ? undefined : { code, serverReference }
    if (this.redirection) for (const connection of [...this.clients.values()]) connection.dismiss(this.redirection)
  }

  onMessage(listener: (message: Message) => void): () => void {
    return this.journal.onMessage(listener)
  }

  /** As if some client had published it. Text goes as UTF-8; bytes as they are. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options: { qos?: Qos; retain?: boolean; properties?: MessageProperties } = {},
  ): void {
    if (!isTopicName(topic)) throw new Error(`"${topic}" is no topic to publish to: it is empty or has a wildcard`)
    const bytes = Buffer.from(payload as string).toString("latin1")
    const { qos = 0, retain = false, properties } = options
    const message: Message = { atUs: this.clock.nowUs, from: "", topic, payload: bytes, qos, retain }
    this.route(properties ? { ...message, properties } : message)
  }

  /** Bytes to a client as they are, for malformed packets. Throws when the client is not connected. */
  sendRaw(clientId: string, bytes: string | Uint8Array): void {
    this.connected(clientId).sendRaw(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : Buffer.from(bytes))
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

  nextClientNumber(): number {
    return ++this.clientNumber
  }

  /** [MQTT-3.1.4-2] of 3.1.1, [MQTT-3.1.4-3] of 5.0: a second client with the same id takes over. */
  attach(connection: ClientConnection, isClean: boolean): { session: Session; isPresent: boolean } {
    const { clientId } = connection
    this.clients.get(clientId)?.dismiss({ code: reason.R_TAKEN_OVER, reason: "taken over by a new connection" })
    this.clients.set(clientId, connection)
    return this.sessions.open(clientId, isClean)
  }

  detach(connection: ClientConnection, will: Will | undefined): void {
    this.connections.delete(connection)
    if (this.clients.get(connection.clientId) !== connection) return
    this.clients.delete(connection.clientId)
    this.sessions.leave(connection.session!, will)
  }

  /** Remembered, and told to whoever listens: a message that this broker, or a real one in its place, has accepted. */
  note(message: Message): void {
    this.journal.note(message)
  }

  /** How many it was for: clients, and groups that share. */
  route(message: Message): number {
    this.note(message)
    if (message.retain) this.retained.keep(message)
    return this.router.route(message)
  }

  tell(action: MqttAction, connection: ClientConnection, fields: Telling): void {
    this.journal.tell(action, connection.clientId || connection.peer, fields)
  }

  private routeWill(will: Message): void {
    this.journal.tell("will", will.from, { topic: will.topic })
    this.route({ ...will, atUs: this.clock.nowUs })
  }

  private connected(clientId: string): ClientConnection {
    const connection = this.clients.get(clientId)
    if (connection) return connection
    const names = [...this.clients.keys()].join(", ") || "none"
    throw new Error(`no client "${clientId}" is connected; there are: ${names}`)
  }
}
