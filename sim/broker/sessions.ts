import type { Clock } from "../clock/clock"
import type { Message } from "../events"
import { NEVER_S, Session } from "./session"
import type { Will } from "./will"

/** What the store needs done when a session or a will's delay is over. */
interface Executor {
  publishWill(will: Message): void
  /** The session takes no part any more; unless it was forgotten, what it held for others is handed on. */
  onSessionEnd(session: Session, isForgotten: boolean): void
}

/** All sessions, connected or not: who resumes, what expires, when a delayed will is due. */
export class Sessions implements Iterable<Session> {
  private readonly byId = new Map<string, Session>()

  constructor(
    private readonly clock: Clock,
    private readonly executor: Executor,
  ) {}

  get size(): number {
    return this.byId.size
  }

  get(clientId: string): Session | undefined {
    return this.byId.get(clientId)
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.byId.values()
  }

  /** [MQTT-3.1.2-4, -5] of 5.0: a clean start ends what was there; otherwise it goes on, and its waiting will is dropped */
  open(clientId: string, isClean: boolean): { session: Session; isPresent: boolean } {
    const kept = this.byId.get(clientId)
    if (kept && !isClean) {
      this.stopWaiting(kept)
      // [MQTT-3.1.3-9] the client is back before the delay was over
      kept.will = undefined
      return { session: kept, isPresent: true }
    }
    if (kept) this.end(kept)
    const session = new Session(clientId)
    this.byId.set(clientId, session)
    return { session, isPresent: false }
  }

  /** The connection is gone: from now on the expiry runs, and the will's delay. */
  leave(session: Session, will: Will | undefined): void {
    session.sender = undefined
    session.will = will
    if (session.expiryS === 0) return this.end(session)
    if (session.expiryS !== NEVER_S)
      session.expiryAlarm = this.clock.after(session.expiryS * 1_000_000, () => this.end(session))
    if (!will) return
    if (will.delayS === 0) this.publishWill(session)
    else session.willAlarm = this.clock.after(will.delayS * 1_000_000, () => this.publishWill(session))
  }

  /** Lost, as with the broker's memory: nothing is published. A connected client's goes when its connection does. */
  forget(): void {
    for (const session of [...this.byId.values()])
      if (session.sender) session.expiryS = 0
      else this.remove(session, true)
  }

  /** The state goes (5.0 §4.1.0); a will that waits for its delay is published now (5.0 §3.1.3.2.2). */
  private end(session: Session): void {
    this.remove(session, false)
    this.publishWill(session)
  }

  private remove(session: Session, isForgotten: boolean): void {
    this.byId.delete(session.clientId)
    this.stopWaiting(session)
    this.executor.onSessionEnd(session, isForgotten)
  }

  private publishWill(session: Session): void {
    const { will } = session
    session.will = undefined
    this.clock.cancel(session.willAlarm)
    if (will) this.executor.publishWill(will.message)
  }

  private stopWaiting(session: Session): void {
    this.clock.cancel(session.expiryAlarm)
    this.clock.cancel(session.willAlarm)
  }
}
