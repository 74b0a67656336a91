import type { ISubscribePacket, ISubscription, IUnsubscribePacket } from "mqtt-packet"
import type { Broker } from "./broker"
import type { Link } from "./link"
import type { Qos } from "./outbox"
import * as reason from "./reason"
import { Fault, R_PROTOCOL_ERROR, R_SUCCESS, isFailure } from "./reason"
import type { Session } from "./session"
import { subscriptionTo } from "./subscription"
import type { RetainHandling, Subscription } from "./subscription"
import { hasWildcard, isSubscribable, unshared } from "./topic"

/** SUBSCRIBE and UNSUBSCRIBE of one client. */
export class Subscribing {
  constructor(
    private readonly broker: Broker,
    private readonly link: Link,
    private readonly session: Session,
  ) {}

  onSubscribe(packet: ISubscribePacket): void {
    const id = packet.properties?.subscriptionIdentifier
    this.assertSensible(packet, id)
    const answers = packet.subscriptions.map((wish) => this.answer(wish, id))
    const granted = this.link.isFive ? answers : answers.map((code) => (isFailure(code) ? reason.R_UNSPECIFIED : code))
    const properties = answers.some(isFailure) ? { reasonString: "not every filter was granted" } : undefined
    this.link.send({ cmd: "suback", messageId: packet.messageId!, granted, properties })
    packet.subscriptions.forEach((wish, i) => {
      if (!isFailure(answers[i])) this.subscribe(this.subscriptionOf(wish, answers[i] as Qos, id))
    })
  }

  onUnsubscribe({ messageId, unsubscriptions }: IUnsubscribePacket): void {
    // [MQTT-3.10.3-2] at least one filter
    if (unsubscriptions.length === 0) throw new Fault(R_PROTOCOL_ERROR, "UNSUBSCRIBE without a filter")
    const granted = unsubscriptions.map((topic) => {
      const didExist = this.broker.router.unsubscribe(this.session, topic)
      this.link.tell("unsubscribe", { topic })
      if (didExist) return R_SUCCESS
      return isSubscribable(topic) ? reason.R_NO_SUBSCRIPTION_EXISTED : reason.R_FILTER_INVALID
    })
    this.link.send({ cmd: "unsuback", messageId: messageId!, granted })
  }

  private subscribe(subscription: Subscription): void {
    const { filter, qos } = subscription
    const isNew = this.broker.router.subscribe(this.session, subscription)
    this.link.tell("subscribe", { topic: filter, qos })
    this.broker.router.sendRetained(this.session, subscription, isNew)
  }

  private subscriptionOf({ topic, nl, rap, rh }: ISubscription, qos: Qos, id = 0): Subscription {
    const options = {
      noLocal: nl ?? false,
      retainAsPublished: rap ?? false,
      retainHandling: (rh ?? 0) as RetainHandling,
    }
    return subscriptionTo(topic, this.link.isFive ? { qos, id, ...options } : { qos })
  }

  private assertSensible({ subscriptions }: ISubscribePacket, id: number | undefined): void {
    // [MQTT-3.8.3-3] of 3.1.1, [MQTT-3.8.3-2] of 5.0: at least one filter
    if (subscriptions.length === 0) throw new Fault(R_PROTOCOL_ERROR, "SUBSCRIBE without a filter")
    // 5.0 §3.8.2.1.2
    if (id === 0) throw new Fault(R_PROTOCOL_ERROR, "subscription identifier 0")
    // [MQTT-3.8.3-4] of 5.0
    if (subscriptions.some(({ topic, nl }) => nl && unshared(topic) !== undefined))
      throw new Fault(R_PROTOCOL_ERROR, "No Local on a shared subscription")
  }

  /** The QoS that is granted, or the reason why none is. */
  private answer({ topic, qos }: ISubscription, id: number | undefined): number {
    const { capabilities, policy, refusedFilters } = this.broker
    if (!isSubscribable(topic)) return reason.R_FILTER_INVALID
    if (unshared(topic) !== undefined && !capabilities.sharedSubscriptions) return reason.R_SHARED_NOT_SUPPORTED
    if (hasWildcard(topic) && !capabilities.wildcards) return reason.R_WILDCARDS_NOT_SUPPORTED
    if (id && !capabilities.subscriptionIds) return reason.R_IDS_NOT_SUPPORTED
    if (refusedFilters.has(topic)) return reason.R_NOT_AUTHORIZED
    const verdict = policy.subscribe?.(topic, this.link.clientId) ?? R_SUCCESS
    return isFailure(verdict) ? verdict : Math.min(qos, capabilities.maximumQos)
  }
}
