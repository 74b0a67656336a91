import type { Message } from "../events"
import type { Capabilities } from "./capabilities"
import type { Clock } from "../clock/clock"
import type { Qos } from "./outbox"
import type { Retained } from "./retained"
import type { Session } from "./session"
import type { Sessions } from "./sessions"
import { SharedSubscriptions } from "./shared"
import { copyFor, joined, wants } from "./subscription"
import type { Copy, Subscription } from "./subscription"

/** Which sessions get a message, at which QoS, with which flags. */
export class Router {
  readonly shared = new SharedSubscriptions()

  constructor(
    private readonly clock: Clock,
    private readonly capabilities: Capabilities,
    private readonly sessions: Sessions,
    private readonly retained: Retained,
  ) {}

  /** How many it is for: clients by their own subscriptions, and groups. */
  route(message: Message): number {
    const levels = message.topic.split("/")
    let reached = this.shared.route(message, levels, this.give)
    for (const session of this.sessions) reached += this.routeTo(session, message, levels)
    return reached
  }

  /** True when the subscription is new. */
  subscribe(session: Session, subscription: Subscription): boolean {
    const isNew = !session.subscriptions.has(subscription.filter)
    session.subscriptions.set(subscription.filter, subscription)
    if (subscription.isShared) this.shared.join(subscription.filter, session)
    return isNew
  }

  /** False when there was none. */
  unsubscribe(session: Session, filter: string): boolean {
    this.shared.leave(filter, session)
    return session.subscriptions.delete(filter)
  }

  /** [MQTT-3.3.1-9 to -11] of 5.0, by retain handling; never for a shared subscription (5.0 §4.8.2) */
  sendRetained(session: Session, subscription: Subscription, isNew: boolean): void {
    const { isShared, retainHandling } = subscription
    if (isShared || retainHandling === 2 || (retainHandling === 1 && !isNew)) return
    for (const message of this.retained.values())
      if (wants(subscription, message, message.topic.split("/"), session.clientId))
        this.send(session, message, copyFor(subscription), true)
  }

  /** The session is over: it leaves its groups, and what it held for them goes to another of each unless it is forgotten. */
  retire(session: Session, isForgotten: boolean): void {
    for (const { filter, isShared } of session.subscriptions.values()) if (isShared) this.shared.leave(filter, session)
    if (isForgotten) return
    for (const { message, copy } of session.outbox.orphans())
      this.shared.routeTo(copy.share!, message, message.topic.split("/"), this.give)
  }

  private routeTo(session: Session, message: Message, levels: string[]): number {
    let copy: Copy | undefined
    for (const subscription of session.subscriptions.values()) {
      if (subscription.isShared || !wants(subscription, message, levels, session.clientId)) continue
      if (copy && this.capabilities.overlap === "each") this.give(session, message, copy)
      copy = copy && this.capabilities.overlap === "one" ? joined(copy, subscription) : copyFor(subscription)
    }
    if (copy) this.give(session, message, copy)
    return copy ? 1 : 0
  }

  /** [MQTT-3.3.1-12, -13] of 5.0: the retain flag of a message that passes is kept only where the subscription asks for it */
  private readonly give = (session: Session, message: Message, copy: Copy): void => {
    this.send(session, message, copy, message.retain && copy.retainAsPublished)
  }

  /** Beyond a client that is away, QoS 0 is lost, as a server may choose (§3.1.2.4 of 3.1.1, §4.1.0 of 5.0). */
  private send(session: Session, message: Message, copy: Copy, retain: boolean): void {
    const qos = Math.min(message.qos, copy.qos) as Qos
    if (qos === 0) return session.sender?.sendOnce(message, retain, copy.ids)
    const item = { id: 0, message, qos, retain, copy, wasSent: false }
    if (session.outbox.add(item, this.clock.nowUs, this.capabilities.queueMaximum)) session.sender?.pump()
  }
}
