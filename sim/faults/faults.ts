import type { Alarm } from "../clock/clock"
import type { HouseEvent } from "../events"
import type { Fault, Wanted } from "./grammar"
import { checkTimes, parseFault, wantedOf } from "./grammar"
import type { FaultKind, FaultPlace, FaultSite } from "./kind"
import { Overrides } from "./overrides"
import { reasonOf } from "./reason"
import { findFault, findTarget } from "./target"
import type { Target } from "./target"
import { FaultError, readValue } from "./value"

interface Running {
  /** For the events: "dht22: flip-bit 17". */
  readonly name: string
  readonly wanted: Wanted
  readonly target: Target<unknown>
  readonly kind: FaultKind<unknown>
  readonly value: number | string | undefined
  readonly site: FaultSite
  undo: (() => void) | undefined
  next: Alarm | undefined
  end: Alarm | undefined
  unforesee: (() => void) | undefined
}

/** All that goes wrong in a house by somebody's will: planned, begun, ended and told. */
export class Faults {
  private readonly running = new Map<number, Running>()
  private readonly listeners = new Set<(event: HouseEvent) => void>()
  private readonly overrides = new Overrides()
  private count = 0

  constructor(private readonly place: FaultPlace) {}

  /** Gives a number to end it by. Throws a FaultError before anything happens. */
  add(fault: string | Fault): number {
    const running = this.prepare(fault)
    const id = ++this.count
    this.running.set(id, running)
    const { atUs } = running.wanted
    if (atUs === undefined) this.begin(running)
    else this.plan(running, atUs)
    return id
  }

  /** May be called twice. */
  end(id: number): void {
    const running = this.running.get(id)
    if (!running) return
    this.running.delete(id)
    this.place.clock.cancel(running.next)
    running.unforesee?.()
    this.stop(running)
  }

  onEvent(event: HouseEvent): void {
    for (const listener of this.listeners) listener(event)
  }

  private prepare(fault: string | Fault): Running {
    try {
      const wanted = typeof fault === "string" ? parseFault(fault) : wantedOf(fault)
      const target = findTarget(wanted.target, this.place)
      const kind = findFault(target, wanted.fault)
      const value = readValue(kind.value, wanted.value, wanted.fault)
      checkTimes(wanted, Boolean(kind.begin), this.place.clock.nowUs)
      const name = reasonOf(target.within, wanted.fault, wanted.value)
      const site = this.site(`fault ${this.count + 1} ${target.device} ${name}`)
      return {
        name,
        wanted,
        target,
        kind,
        value,
        site,
        undo: undefined,
        next: undefined,
        end: undefined,
        unforesee: undefined,
      }
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      const text = typeof fault === "string" ? fault : `${fault.target}: ${fault.fault}`
      throw new FaultError(`fault "${text}": ${error.message}${/[.?]$/.test(error.message) ? "" : "."}`)
    }
  }

  private site(name: string): FaultSite {
    const { clock, random, network } = this.place
    const listen: FaultSite["listen"] = (listener) => {
      this.listeners.add(listener)
      return () => this.listeners.delete(listener)
    }
    return { clock, network, random: random.split(name), overrides: this.overrides, listen }
  }

  private plan(running: Running, atUs: number): void {
    const { kind, target, value } = running
    running.next = this.place.clock.at(atUs, () => this.begin(running))
    running.unforesee = kind.foresee?.(target.target, value, atUs)
  }

  private begin(running: Running): void {
    const { kind, target, value, site, wanted } = running
    const { clock } = this.place
    running.unforesee?.()
    if (wanted.everyUs !== undefined) this.plan(running, clock.nowUs + wanted.everyUs)
    this.tell(running, kind.begin && "begins")
    if (kind.strike) return kind.strike(target.target, value, site)
    running.undo = kind.begin!(target.target, value, site)
    if (wanted.forUs !== undefined) running.end = clock.after(wanted.forUs, () => this.stop(running))
  }

  private stop(running: Running): void {
    const { undo } = running
    if (!undo) return
    running.undo = undefined
    this.place.clock.cancel(running.end)
    this.tell(running, "ends")
    undo()
  }

  private tell({ name, target }: Running, phase?: "begins" | "ends"): void {
    const { device } = target
    this.place.emit({ atUs: this.place.clock.nowUs, device, kind: "fault", reason: name, ...(phase && { phase }) })
  }
}
