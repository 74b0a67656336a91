import type { Chip } from "../hal/chip"
import type { Backoff } from "./backoff"

/** True in a bundle that speaks MQTT 5: without it there are no redirects. */
declare const __MQTT5__: boolean

/** Reason codes of CONNACK and DISCONNECT with which a broker sends its client to another (MQTT 5, clause 4.11). */
const USE_ANOTHER_SERVER = 0x9c
const SERVER_MOVED = 0x9d

/** Redirects followed between two waits of the backoff, and brokers taken from one reference. */
const MAX_HOPS = 3
/** The longest wait before the next broker: each sees a device once a round, and rounds are as far apart as the backoff says. */
const PAUSE_MS = 1000

export interface Address {
  host: string
  port: number
}

/** What the supervisor dials next, and when. */
export type Way = Address & Backoff

/**
 * Several brokers in order of preference: the record's own and then `more`. When one cannot be reached, refuses or ends the
 * connection, the next follows within a second; after the last there is a wait of the backoff, and it begins with the first.
 * One that proved stable is kept for as long as the connection lives; when it ends, the first is tried first.
 *
 * With MQTT 5 (`five`), a broker that names another one is followed, at most three times a round. Where it says that it has moved, the
 * new place goes before all others until the chip restarts. The login goes along: whoever may redirect may read it.
 */
export function brokers(
  record: Address & { more?: Address[] },
  backoff: Backoff,
  chip: Pick<Chip, "log" | "random" | "warn">,
  five?: { readonly serverReference: string | undefined },
): Way {
  const configured = [record as Address].concat(record.more || [])
  let moved: Address[] = []
  let detours: Address[] = []
  let hops = 0
  let round = configured
  let at = 0
  /** The last answer of this round: it says more than a broker that does not answer. */
  let told: number | undefined

  function follow(isForGood: boolean): void {
    detours = addressesIn(five!.serverReference || "", way.port, chip.warn)
    if (isForGood && detours.length) moved = detours.slice()
  }

  /** The next failure starts a round. */
  function endRound(): void {
    at = round.length
    told = undefined
    if (__MQTT5__) {
      detours = []
      hops = 0
    }
  }

  const way: Way = {
    host: record.host,
    port: record.port,
    nextMs(reason) {
      if (__MQTT5__ && (reason === USE_ANOTHER_SERVER || reason === SERVER_MOVED)) follow(reason === SERVER_MOVED)
      told = reason || told
      let waitMs = chip.random() * PAUSE_MS
      let next: Address | undefined
      if (__MQTT5__ && detours.length && hops < MAX_HOPS) {
        hops++
        next = detours.shift()
      } else next = round[++at]
      if (!next) {
        waitMs = backoff.nextMs(told)
        endRound()
        if (__MQTT5__) round = moved.concat(configured)
        at = 0
        next = round[0]!
      }
      if (next.host !== way.host || next.port !== way.port) chip.log(`mqtt: on to ${next.host}:${next.port}`)
      way.host = next.host
      way.port = next.port
      return waitMs
    },
    reset() {
      backoff.reset()
      endRound()
    },
  }
  return way
}

/**
 * The brokers of a Server Reference: names or addresses, IPv6 in brackets, each with a port or that of the broker that sent it,
 * separated by spaces (MQTT 5, clause 4.11, says no more than by its examples). What is none of these is told and left out.
 */
function addressesIn(reference: string, port: number, warn: (text: string) => void): Address[] {
  const found: Address[] = []
  for (const each of reference.split(" ").slice(0, MAX_HOPS)) {
    // A colon inside brackets belongs to the address.
    const at = each.indexOf(":", each.indexOf("]") + 1)
    const host = at < 0 ? each : each.substr(0, at)
    const digits = at < 0 ? `${port}` : each.substr(at + 1)
    const isName = /^[0-9a-zA-Z._-]+$/.test(host) || /^\[[0-9a-fA-F:.]+]$/.test(host)
    if (isName && /^[0-9]+$/.test(digits) && +digits && +digits < 65536)
      found.push({ host: host.replace("[", "").replace("]", ""), port: +digits })
    else warn(`mqtt: no broker: "${each.substr(0, 64)}"`)
  }
  return found
}
