import type { Broker } from "../broker/broker"
import type { Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import type { Device } from "../device"
import type { HouseEvent } from "../events"
import type { Network } from "../network/network"
import type { Overrides } from "./overrides"
import type { ValueKind } from "./value"

/** What faults may touch. */
export interface FaultPlace {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  readonly broker: Broker
  readonly devices: Map<string, Device>
  emit(event: HouseEvent): void
}

/** One fault at work. */
export interface FaultSite {
  readonly clock: Clock
  /** Its own: what one fault draws does not shift another's. */
  readonly random: Random
  readonly network: Network
  /** Fields that are set for a time, by one fault or several. */
  readonly overrides: Overrides
  /** Hears the house's events until the result is called. */
  listen(listener: (event: HouseEvent) => void): () => void
}

/** One way in which something goes wrong. A new one is an entry in the table of its targets. */
export interface FaultKind<T> {
  /** What a user reads of it. */
  readonly text: string
  readonly value?: ValueKind
  /** Of what lasts until somebody ends it: gives back what ends it. */
  begin?(target: T, value: any, site: FaultSite): () => void
  /** Of what is over by itself. */
  strike?(target: T, value: any, site: FaultSite): void
  /** Of what a chip that is ahead of the clock must know before it strikes; gives back what takes that back. */
  foresee?(target: T, value: any, atUs: number): () => void
}

export type FaultTable<T> = Record<string, FaultKind<T>>
