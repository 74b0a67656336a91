import type { Message } from "../events"

/** What a client is told instead of being let in, or as it is sent away. */
export interface Refusal {
  code: number
  reason?: string
  /** Where to go, with 0x9C (use another server) and 0x9D (server moved). */
  serverReference?: string
}

interface ConnectRequest {
  clientId: string
  protocolLevel: number
  username?: string
  /** Bytes as characters 0 to 255. */
  password?: string
  peer: string
}

/** `data` is bytes as characters 0 to 255. */
export type AuthVerdict =
  | { say: "continue"; data?: string }
  | { say: "success"; data?: string }
  | { say: "refuse"; code?: number; reason?: string }

/** Called with the data of CONNECT or of the AUTH that starts again, and then of each AUTH 0x18, until it does not continue. */
export type AuthConversation = (data: string) => AuthVerdict

/** The house's own rules. Each answers at once: nothing in the broker waits for the host. */
export interface Policy {
  connect?(request: ConnectRequest): Refusal | undefined
  /** 0 to take a message, or the reason code for PUBACK and PUBREC, such as 0x87 or 0x97. A 3.1.1 client is not told. */
  publish?(message: Message): number
  /** 0 to grant, or the reason code for SUBACK. A 3.1.1 client is told 0x80. */
  subscribe?(filter: string, clientId: string): number
  /** Enhanced authentication (5.0 §4.12); undefined for a method that is not known. */
  authenticate?(request: { method: string; clientId: string; isAgain: boolean }): AuthConversation | undefined
}
