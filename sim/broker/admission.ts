import type { IAuthPacket, IConnackPacket, IConnectPacket } from "mqtt-packet"
import { Authentication } from "./authentication"
import type { AuthUser } from "./authentication"
import type { Broker } from "./broker"
import { refusalOf, termsOf } from "./greeting"
import type { Terms } from "./greeting"
import type { Refusal } from "./policy"
import { R_SUCCESS } from "./reason"
import type { Pairs } from "./wellformed"
import { willOf } from "./will"
import type { Will } from "./will"

type ConnackProperties = NonNullable<IConnackPacket["properties"]>

/** A client that may come in. */
export interface Admitted {
  packet: IConnectPacket
  terms: Terms
  will: Will | undefined
  /** The last word of enhanced authentication, for CONNACK. */
  proof: ConnackProperties
}

/** The connection, as far as the way in and a later proof are concerned. */
export interface Candidate {
  readonly peer: string
  sendAuth: AuthUser["sendAuth"]
  onNamed(clientId: string, terms: Terms): void
  onAdmitted(admitted: Admitted): void
  /** At CONNECT, or when it fails to prove itself again. */
  onRefused(refusal: Refusal): void
}

/** From CONNECT to the decision, in one step or over several packets of AUTH. */
export class Admission {
  private authentication: Authentication | undefined

  constructor(
    private readonly broker: Broker,
    private readonly candidate: Candidate,
  ) {}

  /** CONNECT named a method: AUTH may come, now and later. */
  get hasMethod(): boolean {
    return this.authentication !== undefined
  }

  onConnect(packet: IConnectPacket, pairs: Pairs | undefined): void {
    const clientId = packet.clientId || `auto-${this.broker.nextClientNumber()}`
    const terms = termsOf(packet, this.broker.capabilities)
    this.candidate.onNamed(clientId, terms)
    const refusal = refusalOf(packet, this.broker, clientId, this.candidate.peer)
    if (refusal) return this.candidate.onRefused(refusal)
    const will = willOf(clientId, packet.will, pairs?.will ?? [])
    const admit = (proof: ConnackProperties) => this.candidate.onAdmitted({ packet, terms, will, proof })
    const { authenticationMethod: method, authenticationData } = packet.properties ?? {}
    if (method === undefined) return admit({})
    this.authentication = new Authentication(this.authUser(clientId, admit), this.broker.policy, method)
    this.authentication.start(authenticationData)
  }

  onAuth(packet: IAuthPacket): void {
    this.authentication!.onAuth(packet)
  }

  private authUser(clientId: string, admit: (proof: ConnackProperties) => void): AuthUser {
    const { candidate } = this
    return {
      clientId,
      sendAuth: (code, properties) => candidate.sendAuth(code, properties),
      onProved: (proof, isAgain) => (isAgain ? candidate.sendAuth(R_SUCCESS, proof) : admit(proof)),
      onRefused: (refusal) => candidate.onRefused(refusal),
    }
  }
}
