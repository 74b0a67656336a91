import type { IAuthPacket } from "mqtt-packet"
import type { AuthConversation, AuthVerdict, Policy, Refusal } from "./policy"
import * as reason from "./reason"
import { Fault, R_PROTOCOL_ERROR } from "./reason"

type AuthProperties = NonNullable<IAuthPacket["properties"]>

/** What the exchange makes the connection do. */
export interface AuthUser {
  readonly clientId: string
  sendAuth(reasonCode: number, properties: AuthProperties): void
  /** The client has proved itself: at first, and again each time it was asked to. */
  onProved(properties: AuthProperties, isAgain: boolean): void
  onRefused(refusal: Refusal): void
}

/** Enhanced authentication (5.0 §4.12): the exchange at CONNECT and each later one, both with the method of CONNECT. */
export class Authentication {
  private conversation: AuthConversation | undefined
  private isAgain = false

  constructor(
    private readonly user: AuthUser,
    private readonly policy: Policy,
    private readonly method: string,
  ) {}

  start(data: Buffer | undefined, isAgain = false): void {
    const { clientId } = this.user
    this.isAgain = isAgain
    this.conversation = this.policy.authenticate?.({ method: this.method, clientId, isAgain })
    if (this.conversation) return this.say(this.conversation(textOf(data)))
    const text = `unknown authentication method ${JSON.stringify(this.method)}`
    this.user.onRefused({ code: reason.R_BAD_AUTHENTICATION_METHOD, reason: text })
  }

  /** Throws a Fault at what is out of turn. */
  onAuth({ reasonCode, properties = {} }: IAuthPacket): void {
    // [MQTT-4.12.0-5], [MQTT-4.12.1-1]: always the method of CONNECT
    if (properties.authenticationMethod !== this.method)
      throw new Fault(R_PROTOCOL_ERROR, "AUTH with another method than CONNECT")
    const isStart = reasonCode === reason.R_REAUTHENTICATE
    if (isStart !== (this.conversation === undefined) || reasonCode === 0)
      throw new Fault(R_PROTOCOL_ERROR, `AUTH ${reason.hex(reasonCode)} out of order`)
    if (isStart) return this.start(properties.authenticationData, true)
    this.say(this.conversation!(textOf(properties.authenticationData)))
  }

  private say(verdict: AuthVerdict): void {
    if (verdict.say === "refuse")
      return this.user.onRefused({ code: verdict.code ?? reason.R_NOT_AUTHORIZED, reason: verdict.reason })
    const data = verdict.data === undefined ? undefined : Buffer.from(verdict.data, "latin1")
    const properties = { authenticationMethod: this.method, ...(data && { authenticationData: data }) }
    if (verdict.say === "continue") return this.user.sendAuth(reason.R_CONTINUE_AUTHENTICATION, properties)
    this.conversation = undefined
    this.user.onProved(properties, this.isAgain)
  }
}

function textOf(data: Buffer | undefined): string {
  return data?.toString("latin1") ?? ""
}
