import type { IAuthPacket, IDisconnectPacket, Packet } from "mqtt-packet"
import type { Alarm } from "../clock/clock"
import type { MqttAction } from "../events"
import { Admission } from "./admission"
import type { Admitted, Candidate } from "./admission"
import type { Broker } from "./broker"
import { announce } from "./greeting"
import type { Terms } from "./greeting"
import { KeepAlive } from "./keep-alive"
import type { Link, Telling } from "./link"
import type { Refusal } from "./policy"
import * as reason from "./reason"
import { Fault, R_PROTOCOL_ERROR, R_SUCCESS } from "./reason"
import { Serving } from "./serving"
import type { Session } from "./session"
import type { Will } from "./will"
import type { Pairs } from "./wellformed"
import { Wire } from "./wire"
import type { WireUser } from "./wire"

/** A byte stream to a client: a simulated connection or a real socket. */
export interface BrokerStream {
  /** Who it is for a reader of the log: a board's name, or an address. */
  readonly peer: string
  write(bytes: Buffer): void
  close(): void
  /** Called once the client's CONNECT was accepted. */
  onAccepted?(): void
}

/** Time for a CONNECT after the TCP connection, as mosquitto and aedes have it. An exchange of AUTH is part of it. */
const CONNECT_US = 30_000_000

const MAX_REASON_LENGTH = 200

/**
 * One client's connection, from the first byte to the last: what is said before and after it is served, and how it ends.
 * Longer than most files here, so that all ways to end stand together.
 */
export class ClientConnection implements Link, WireUser, Candidate {
  clientId = ""
  session: Session | undefined
  isOpen = true
  private readonly wire = new Wire(this)
  private readonly keepAlive: KeepAlive
  private readonly connectAlarm: Alarm
  private readonly admission: Admission
  private serving: Serving | undefined
  private will: Will | undefined
  /** CONNECT asked for no session beyond the connection. */
  private endsSession = false

  constructor(
    private readonly broker: Broker,
    private readonly stream: BrokerStream,
  ) {
    this.admission = new Admission(broker, this)
    this.keepAlive = new KeepAlive(broker.clock, () =>
      this.dismiss({ code: reason.R_KEEP_ALIVE_TIMEOUT, reason: "keep-alive expired" }),
    )
    this.connectAlarm = broker.clock.after(CONNECT_US, () => this.cut("no CONNECT within 30 s"))
  }

  get peer(): string {
    return this.stream.peer
  }

  get isFive(): boolean {
    return this.wire.isFive
  }

  get nowUs(): number {
    return this.broker.clock.nowUs
  }

  receive(bytes: Buffer): void {
    if (!this.isOpen) return
    this.keepAlive.heard()
    this.wire.receive(bytes)
  }

  /** The stream ended by itself: without DISCONNECT the will is published [MQTT-3.1.2-8]. */
  onStreamClosed(why: string): void {
    if (this.isOpen) this.leave("drop", why)
  }

  /** Closes without a word to the client. */
  cut(why: string): void {
    if (!this.isOpen) return
    this.leave("drop", why)
    this.stream.close()
  }

  /** Sends a client away: in 5.0 with a reason [MQTT-3.14.0-1], in 3.1.1 there is no word for it. */
  dismiss({ code, reason: why = `reason code ${reason.hex(code)}`, serverReference }: Refusal): void {
    if (!this.isOpen) return
    if (this.serving && this.isFive)
      this.send({ cmd: "disconnect", reasonCode: code, properties: { reasonString: brief(why), serverReference } })
    this.cut(why)
  }

  send(packet: Packet): "sent" | "muted" | "too large" {
    if (!this.isOpen || this.broker.muted.has(packet.cmd)) return "muted"
    const bytes = this.wire.encode(packet)
    if (!bytes) return "too large"
    this.stream.write(bytes)
    return "sent"
  }

  sendRaw(bytes: Buffer): void {
    this.stream.write(bytes)
  }

  tell(action: MqttAction, fields: Telling): void {
    this.broker.tell(action, this, fields)
  }

  // What the wire asks.

  maximumBytes(): number {
    return this.broker.capabilities.maximumPacketSize ?? Infinity
  }

  /** [MQTT-3.1.2-2] 3.1.1's return code 1 where the client can read it, 5.0's 0x84 for levels from there on. */
  mayUse(level: number): boolean {
    const { protocolLevels } = this.broker.capabilities
    if (protocolLevels.includes(level)) return true
    this.wire.level = level >= 5 && protocolLevels.includes(5) ? 5 : 4
    this.refuse({ code: reason.R_UNSUPPORTED_VERSION })
    return false
  }

  onFault({ code, why }: Fault): void {
    const text = code === reason.R_MALFORMED ? `malformed packet: ${why}` : why
    this.onRefused({ code, reason: text })
  }

  onPacket(packet: Packet, pairs: Pairs | undefined): void {
    const { hasMethod } = this.admission
    if (packet.cmd === "auth" && hasMethod) return this.admission.onAuth(packet)
    if (packet.cmd === "disconnect" && (this.serving || hasMethod)) return this.onDisconnect(packet)
    if (this.serving) return this.serving.onPacket(packet, pairs)
    // [MQTT-3.1.0-1] CONNECT first; [MQTT-3.1.2-30] of 5.0: then nothing but AUTH and DISCONNECT until CONNACK
    if (packet.cmd !== "connect" || hasMethod) throw new Fault(R_PROTOCOL_ERROR, `${packet.cmd} out of order`)
    this.admission.onConnect(packet, pairs)
  }

  // What the way in asks.

  onNamed(clientId: string, terms: Terms): void {
    this.clientId = clientId
    this.wire.limits = terms
  }

  sendAuth(reasonCode: number, properties: IAuthPacket["properties"]): void {
    this.send({ cmd: "auth", reasonCode, properties })
  }

  onRefused(refusal: Refusal): void {
    if (this.serving) this.dismiss(refusal)
    else this.refuse(refusal)
  }

  onAdmitted({ packet, terms, will, proof }: Admitted): void {
    this.will = will
    const { session, isPresent } = this.broker.attach(this, terms.isClean)
    this.session = session
    session.expiryS = terms.sessionExpiryS
    this.endsSession = terms.sessionExpiryS === 0
    this.serving = new Serving(this.broker, this, session, terms)
    this.broker.clock.cancel(this.connectAlarm)
    this.keepAlive.start(terms.keepAliveS)
    const kind = isPresent ? "kept session" : "new session"
    this.tell("connect", { reason: `${this.isFive ? "MQTT 5, " : ""}${kind}, keep-alive ${terms.keepAliveS} s` })
    const properties = { ...announce(packet, terms, this.broker.capabilities, this.clientId), ...proof }
    this.send({ cmd: "connack", returnCode: 0, reasonCode: 0, sessionPresent: isPresent, properties })
    this.stream.onAccepted?.()
    session.sender = this.serving.sender
    session.sender.resume()
  }

  private refuse(refusal: Refusal): void {
    const { code, reason: why, serverReference } = refusal
    const isNonsense = code === reason.R_MALFORMED || code === R_PROTOCOL_ERROR
    if (!this.isFive && isNonsense) return this.cut(why ?? "CONNECT with an invalid will topic")
    const returnCode = reason.returnCodeOfReason(code)
    const properties = { reasonString: why && brief(why), serverReference }
    this.send({ cmd: "connack", sessionPresent: false, reasonCode: code, returnCode, properties })
    this.tell("refuse", { reason: this.isFive ? `reason code ${reason.hex(code)}` : `return code ${returnCode}` })
    this.leave("drop", undefined)
    this.stream.close()
  }

  /** [MQTT-3.14.4-3] only the normal reason takes the will back; the session expiry may change, but not begin (5.0 §3.14.2.2.2). */
  private onDisconnect({ reasonCode = R_SUCCESS, properties = {} }: IDisconnectPacket): void {
    const { sessionExpiryInterval: expiryS } = properties
    const { session } = this
    if (expiryS !== undefined && session) {
      if (this.endsSession && expiryS > 0) throw new Fault(R_PROTOCOL_ERROR, "a session expiry after none")
      session.expiryS = Math.min(expiryS, this.broker.capabilities.sessionExpiryMaximumS ?? expiryS)
    }
    if (reasonCode === R_SUCCESS) this.will = undefined
    this.leave("disconnect", reasonCode === R_SUCCESS ? undefined : `reason code ${reason.hex(reasonCode)}`)
    this.stream.close()
  }

  private leave(action: "disconnect" | "drop", why?: string): void {
    this.isOpen = false
    this.broker.clock.cancel(this.connectAlarm)
    this.keepAlive.stop()
    if (this.session || why) this.tell(action, { reason: why })
    this.broker.detach(this, this.will)
  }
}

/** For the wire: a reason may quote a topic, and two together are longer than a string may be. */
function brief(why: string): string {
  return why.slice(0, MAX_REASON_LENGTH)
}
