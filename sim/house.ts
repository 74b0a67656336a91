import type { Broker } from "./broker/broker"
import type { Clock } from "./clock/clock"
import { durationUs } from "./clock/duration"
import type { Duration } from "./clock/duration"
import { repeat, turnFast } from "./clock/pace"
import type { Turnable } from "./clock/pace"
import { runSlice } from "./clock/slice"
import type { Device } from "./device"
import type { EnergyReport } from "./energy/power"
import { endRunaway } from "./espruino/stage"
import type { DeviceView, HouseEvent, HouseView } from "./events"
import type { FaultOn } from "./faults/grammar"
import { firstDifference, History } from "./history"
import type { Act, Snapshot } from "./history"
import type { Network } from "./network/network"
import { Rerun } from "./rerun"
import { linkOf, viewOf } from "./view"
import { World } from "./world"
import type { WorldOptions } from "./world"

export interface HouseOptions extends WorldOptions {
  /** Keeps `trace`, without which there are no snapshots; default true. Turn it off for runs of unknown length. */
  trace?: boolean
}

/** A moment that `house.restore` goes back to. */
export type HouseSnapshot = Snapshot<House>

/** Several boards, one network, one broker, one clock. */
export class House implements Turnable {
  /** One line an event, while tracing is on. */
  readonly trace: string[]
  private world: World
  private readonly history: History<House> | undefined
  private readonly listeners = new Set<(event: HouseEvent) => void>()
  private rerun: Rerun<House> | undefined
  private actsOpen = 0
  private hearing = 0
  private isBooted = false

  constructor(private readonly options: HouseOptions) {
    this.history = options.trace === false ? undefined : new History()
    this.trace = this.history?.trace ?? []
    this.world = this.makeWorld()
  }

  get clock(): Clock {
    return this.world.clock
  }
  get network(): Network {
    return this.world.network
  }
  /** The broker inside. With a real one in its place it only remembers what passed: `messages` and `onMessage`. */
  get broker(): Broker {
    return this.world.broker
  }
  get devices(): Map<string, Device> {
    return this.world.devices
  }
  get nowUs(): number {
    return this.clock.nowUs
  }

  /** Throws when there is none of this name. */
  device(name: string): Device {
    return this.world.device(name)
  }

  /** Switches every board on. Programs run first when the clock is turned. */
  boot(): void {
    if (this.isBooted) return
    this.act((house) => {
      house.isBooted = true
      for (const device of house.devices.values()) house.clock.after(0, () => device.powerOn())
    })
  }

  /**
   * Does something to the house from outside, now, and remembers it for `restore`, `rewindTo` and `stepBack`, which do it
   * again: `house.act((house) => (house.device("climate").parts.dht22.temperatureC = 30))`. What `run` uses it takes from
   * its argument: after a restore devices and parts are others. Not asynchronous.
   */
  act<T>(run: (house: House) => T): T {
    // A part of an act; but what a listener does in it is an act of its own: a re-run asks no listener.
    if (this.actsOpen > 0 && !this.hearing) return run(this)
    const event = this.hearing > 0 ? this.trace.length : undefined
    this.history?.acts.push({ step: this.clock.steps, atUs: this.nowUs, event, run })
    const made = this.perform(run, event === undefined)
    if (typeof (made as { then?: unknown } | undefined)?.then === "function")
      throw new Error("house.act: what runs there may not be asynchronous: turn the clock outside of it")
    return made
  }

  /**
   * Something goes wrong: `house.fault("climate.dht22: flip-bit 17 @ 30s for 10s")`. Throws a FaultError that says what there
   * is when there is no such thing. The result ends it early.
   */
  fault<T extends string>(fault: string | FaultOn<T>): { end(): void } {
    const id = this.act(({ world }) => world.faults.add(fault))
    return { end: () => this.act(({ world }) => world.faults.end(id)) }
  }

  /** What a board and its parts have drawn since they were first switched on. */
  energy(device: string): EnergyReport {
    return this.world.energy.report(this.device(device).name)
  }

  /** Turns the clock by `duration` as fast as the host can. */
  async advance(duration: Duration): Promise<void> {
    await turnFast(this, this.nowUs + durationUs(duration))
  }

  /** Turns until `holds` does, looking after each `step` of house time. Rejects when it does not within `limit`. */
  async until(holds: () => boolean, limit: Duration = "5min", step: Duration = "10ms"): Promise<void> {
    const endUs = this.nowUs + durationUs(limit)
    const stepUs = durationUs(step)
    let isHeld = holds()
    const oneStep = (mayGoOn: () => boolean) => {
      while (!(isHeld = holds()) && this.nowUs < endUs && mayGoOn())
        this.clock.runUntil(Math.min(endUs, this.nowUs + stepUs))
      return isHeld || this.nowUs >= endUs
    }
    if (!isHeld) await repeat(() => this.slice(oneStep))
    if (!isHeld) throw new Error(`did not happen within ${typeof limit === "string" ? limit : `${limit.us} us`}`)
  }

  /** One slice: up to `untilUs` of house time or some 50 ms of host time. True when `untilUs` was reached. */
  turn(untilUs: number): boolean {
    return this.slice((mayGoOn) => this.clock.runUntil(untilUs, mayGoOn))
  }

  /** Hears every event from now on; call the result to stop. Events of a re-run were heard before and are not told again. */
  on(listener: (event: HouseEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** What a screen shows of it, as plain data. */
  view(): HouseView {
    return viewOf(this.world)
  }

  /** A moment to go back to by `restore`. Throws for a house that a real broker or an outside client takes part in. */
  snapshot(): HouseSnapshot {
    const history = this.repeatable()
    const { nowUs: atUs, steps: step } = this.clock
    return { atUs, step, events: this.trace.length, hash: history.rollingHash(), acts: [...history.acts] }
  }

  /**
   * The house as it was, by running it again from the beginning. Devices, parts, broker and network are new objects then:
   * ask the house for them again. Rejects when the run did not repeat, since something was done to it outside `act`.
   */
  async restore(point: HouseSnapshot): Promise<void> {
    const before = [...this.trace]
    await this.rerunUntil(() => this.clock.steps >= point.step, point.acts)
    this.clock.nowUs = Math.max(this.clock.nowUs, point.atUs)
    const { trace } = this
    if (trace.length === point.events && this.history!.rollingHash() === point.hash) return
    this.refuse(before.slice(0, point.events), `${point.atUs / 1e6} s`)
  }

  /** Back to an instant of house time, or to right behind the event of this number, counted from 1 as in `trace`. */
  async rewindTo(moment: Duration | { event: number }): Promise<void> {
    if (typeof moment === "object" && "event" in moment) return this.backTo(this.stepOf(moment.event))
    const atUs = durationUs(moment)
    if (atUs > this.nowUs)
      throw new Error(`house.rewindTo: ${atUs / 1e6} s is still to come, it is ${this.nowUs / 1e6} s`)
    await this.backTo(Infinity, atUs)
    this.clock.nowUs = Math.max(this.clock.nowUs, atUs)
  }

  /** Back to right before the newest event, or the newest `count`: those that came at one blow count as one. */
  async stepBack(count = 1): Promise<void> {
    const history = this.repeatable()
    if (this.trace.length) await this.backTo(history.stepBefore(count))
  }

  /** Closes real sockets. The house can still be looked at. */
  async close(): Promise<void> {
    this.world.bridge?.close()
    await this.broker.close()
  }

  /** How far a board is on its way to the broker, whatever its program thinks. */
  linkOf(name: string): DeviceView["link"] {
    return linkOf(this.world, name)
  }

  private makeWorld(): World {
    return new World(this.options, (event) => this.emit(event))
  }

  private emit(event: HouseEvent): void {
    this.history?.note(event, this.clock.steps)
    if (this.rerun) return this.rerun.onEvent(this.trace.length)
    this.hearing++
    for (const listener of this.listeners) listener(event)
    this.hearing--
  }

  private perform<T>(run: (house: House) => T, isStep: boolean): T {
    const { hearing } = this
    this.actsOpen++
    this.hearing = 0
    if (isStep) this.clock.steps++
    try {
      return run(this)
    } finally {
      this.hearing = hearing
      this.actsOpen--
    }
  }

  private repeatable(): History<House> {
    const { bridge, broker } = this.world
    const refuse = (why: string) => new Error(`this house cannot go back: ${why}`)
    if (bridge) throw refuse(`the broker at ${bridge.url} is a real one, which does not go back with it`)
    if (broker.url)
      throw refuse(`its broker is open to outside clients at ${broker.url}, who do not repeat what they did`)
    if (!this.history) throw refuse("it keeps no trace (the option trace is false)")
    return this.history
  }

  private stepOf(event: number): number {
    const { length } = this.repeatable().trace
    if (Number.isInteger(event) && event >= 1 && event <= length) return this.history!.stepOf(event - 1)
    throw new Error(`house.rewindTo: there is no event ${event}; there are ${length ? `1 to ${length}` : "none yet"}`)
  }

  private async backTo(step: number, atUs = Infinity): Promise<void> {
    const { acts } = this.repeatable()
    const before = [...this.trace]
    await this.rerunUntil((nextUs) => this.clock.steps >= step || nextUs > atUs, acts)
    this.history!.acts = acts.filter((act) => act.step < this.clock.steps)
    if (this.trace.some((line, i) => line !== before[i])) this.refuse(before, `${this.nowUs / 1e6} s`)
  }

  /** A new world, turned from the beginning step by step until `isThere`. */
  private async rerunUntil(isThere: (nextUs: number) => boolean, acts: readonly Act<House>[]): Promise<void> {
    this.repeatable().begin(acts)
    this.world = this.makeWorld()
    this.isBooted = false
    const rerun = new Rerun<House>(this.clock, acts, ({ run, event }) => this.perform(run, event === undefined))
    this.rerun = rerun
    const work = (mayGoOn: () => boolean) => rerun.until(isThere, mayGoOn)
    await repeat(() => this.slice(work)).finally(() => (this.rerun = undefined))
  }

  private refuse(before: readonly string[], when: string): never {
    const why = "This house was changed outside house.act, or something in it is not repeatable"
    throw new Error(`${why}: the run up to ${when} came out otherwise.\n${firstDifference(before, this.trace)}`)
  }

  private slice(work: (mayGoOn: () => boolean) => boolean): boolean {
    const { stage, limits } = this.world
    const { hostMs } = limits
    let isDone = false
    if (!runSlice((mayGoOn) => (isDone = work(mayGoOn)), hostMs)) endRunaway(stage, hostMs, "the house")
    return isDone
  }
}
