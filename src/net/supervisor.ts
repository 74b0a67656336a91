import type { Clock } from "../hal/clock"
import type { Wifi } from "../hal/wifi"
import { STABLE_MS, type Backoff } from "./backoff"

/** What the supervisor knows of a client. */
interface Dialler {
  /** Blocks while TCP connects; below zero when it could not. */
  open(host: string, port: number): number
  drop(reason: number): void
}

export interface Supervisor {
  onWifiUp(): void
  /** The link took the sockets with it, but the firmware does not say so: `reason` is what the client reports. */
  onWifiDown(reason: number): void
  onClientUp(): void
  /** `reason` as the client told it. */
  onClientDown(reason: number): void
}

const LOOKUP_DEADLINE_MS = 15000

/** The one that is falsy. */
const S_AWAIT_WIFI = 0
const S_AWAIT_RETRY = 1
const S_AWAIT_ADDRESS = 2
const S_AWAIT_CLIENT = 3
const S_ONLINE = 4

/**
 * Brings the client back whenever Wi-Fi allows. Names are looked up without blocking; the connect that follows does
 * block (the chip has no other), which is why `beforeBlocking` runs first. `onUnreachable` is told of each attempt
 * that did not reach the broker, with the address that was tried if its name had one.
 */
export function createSupervisor(
  client: Dialler,
  wifi: Wifi,
  clock: Clock,
  backoff: Backoff,
  address: { readonly host: string; readonly port: number },
  beforeBlocking: () => void,
  onUnreachable: (ip: string | null | undefined) => void,
): Supervisor {
  let state = S_AWAIT_WIFI

  // Never cleared: where nothing is due, it ends in `dial`, which knows that.
  const alarm = clock.alarm(() => {
    if (state === S_ONLINE) backoff.reset()
    else if (state === S_AWAIT_RETRY) lookUp()
    else dial()
  })

  function lookUp(): void {
    state = S_AWAIT_ADDRESS
    alarm.set(LOOKUP_DEADLINE_MS)
    // Read each time: `backoff` may have another broker in mind when it says how long to wait.
    const { host } = address
    if (/^[0-9.]+$/.test(host)) dial(host)
    else wifi.getHostByName(host, dial)
  }

  /**
   * Without an address: the name is unknown, or nobody answered. The answer for the broker before may come now: it is a broker,
   * too.
   */
  function dial(ip?: string | null): void {
    if (state !== S_AWAIT_ADDRESS) return
    state = S_AWAIT_CLIENT
    beforeBlocking()
    if (ip && client.open(ip, address.port) >= 0) return
    onUnreachable(ip)
    retryLater()
  }

  function retryLater(reason?: number): void {
    state = S_AWAIT_RETRY
    alarm.set(backoff.nextMs(reason))
  }

  return {
    onWifiUp() {
      if (!state) lookUp()
    },
    onWifiDown(reason) {
      state = S_AWAIT_WIFI
      client.drop(reason)
    },
    onClientUp() {
      state = S_ONLINE
      alarm.set(STABLE_MS)
    },
    onClientDown(reason) {
      if (state) retryLater(reason)
    },
  }
}
