import type { Alarm } from "../clock/clock"
import type { Sender } from "./sender"
import type { Subscription } from "./subscription"
import { Outbox } from "./outbox"
import type { Will } from "./will"

/** Session expiry of one that never expires (5.0 §3.1.2.11.2), which is what 3.1.1 means by clean session 0. */
export const NEVER_S = 0xffffffff

/** What the broker keeps for a client id; outlives the connection by its expiry. */
export class Session {
  /** By filter, as given. */
  readonly subscriptions = new Map<string, Subscription>()
  readonly outbox = new Outbox()
  /** QoS 2 from the client: ids received and not yet released. */
  readonly incomingQos2 = new Set<number>()
  /** From the end of the connection on; 0 ends the session with it. */
  expiryS = 0
  /** While a connection is there. */
  sender: Sender | undefined
  /** The will of a connection that is gone, still to be published. */
  will: Will | undefined
  /** Publishes the will, ends the session: while no connection is there. */
  willAlarm: Alarm | undefined
  expiryAlarm: Alarm | undefined

  constructor(readonly clientId: string) {}
}
