import type { Message } from "../events"
import type { Qos } from "./outbox"
import { levelsMatch, unshared } from "./topic"

/** 0 sends retained messages at every SUBSCRIBE, 1 only when the subscription is new, 2 never (5.0 §3.8.3.1). */
export type RetainHandling = 0 | 1 | 2

/** A filter as a client has subscribed to it. 3.1.1 has the QoS alone. */
export interface Subscription {
  /** As given, with $share and group. */
  filter: string
  /** Of the filter inside, split once: it meets many topics. */
  levels: string[]
  isShared: boolean
  qos: Qos
  noLocal: boolean
  retainAsPublished: boolean
  retainHandling: RetainHandling
  /** Subscription identifier; 0 is none. */
  id: number
}

export function subscriptionTo(filter: string, options: Partial<Subscription> & { qos: Qos }): Subscription {
  const inner = unshared(filter)
  return {
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
    id: 0,
    ...options,
    filter,
    levels: (inner ?? filter).split("/"),
    isShared: inner !== undefined,
  }
}

/** [MQTT-3.8.3-3] of 5.0: with No Local a client does not hear itself */
export function wants(subscription: Subscription, message: Message, levels: string[], clientId: string): boolean {
  if (!levelsMatch(subscription.levels, levels)) return false
  return !(subscription.noLocal && message.from === clientId)
}

/** How one copy of a message goes to one client. */
export interface Copy {
  qos: Qos
  retainAsPublished: boolean
  /** Subscription identifiers. */
  ids: number[]
  /** The shared subscription that it was chosen for. */
  share?: string
}

const NO_IDS: number[] = []

export function copyFor(subscription: Subscription): Copy {
  const { qos, retainAsPublished, id, isShared, filter } = subscription
  return { qos, retainAsPublished, ids: id ? [id] : NO_IDS, share: isShared ? filter : undefined }
}

/** One copy for all subscriptions of a client that match: highest QoS, all ids [MQTT-3.3.4-2, -4] (5.0). */
export function joined(copy: Copy, other: Subscription): Copy {
  return {
    qos: Math.max(copy.qos, other.qos) as Qos,
    retainAsPublished: copy.retainAsPublished || other.retainAsPublished,
    ids: other.id ? [...copy.ids, other.id] : copy.ids,
  }
}
