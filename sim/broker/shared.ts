import type { Message } from "../events"
import type { Session } from "./session"
import { copyFor, wants } from "./subscription"
import type { Copy, Subscription } from "./subscription"

/** Clients that share a subscription take turns: each message goes to one of them (5.0 §4.8.2). */
interface Group {
  members: Session[]
  /** Whose turn it is, counted on and on. */
  turn: number
}

type Give = (session: Session, message: Message, copy: Copy) => void

/** All shared subscriptions, by the whole filter: `$share/a/t` and `$share/b/t` are two. */
export class SharedSubscriptions {
  private readonly groups = new Map<string, Group>()

  join(filter: string, session: Session): void {
    const group = this.groups.get(filter)
    if (!group) this.groups.set(filter, { members: [session], turn: 0 })
    else if (!group.members.includes(session)) group.members.push(session)
  }

  leave(filter: string, session: Session): void {
    const group = this.groups.get(filter)
    if (!group) return
    group.members = group.members.filter((member) => member !== session)
    if (group.members.length === 0) this.groups.delete(filter)
  }

  clear(): void {
    this.groups.clear()
  }

  /** Number of groups that the message reached. */
  route(message: Message, levels: string[], give: Give): number {
    let reached = 0
    for (const filter of this.groups.keys()) if (this.routeTo(filter, message, levels, give)) reached++
    return reached
  }

  /** To one member: who is connected goes first, and a session that waits takes it only when nobody is. */
  routeTo(filter: string, message: Message, levels: string[], give: Give): boolean {
    const group = this.groups.get(filter)
    if (!group) return false
    const session = choose(group)
    const subscription = session.subscriptions.get(filter) as Subscription
    if (!wants(subscription, message, levels, session.clientId)) return false
    group.turn++
    give(session, message, copyFor(subscription))
    return true
  }
}

function choose({ members, turn }: Group): Session {
  const present = members.filter((member) => member.sender)
  const from = present.length ? present : members
  return from[turn % from.length]
}
