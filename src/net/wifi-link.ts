import type { Clock } from "../hal/clock"
import type { Wifi } from "../hal/wifi"
import { STABLE_MS, type Backoff } from "./backoff"

/** Association and DHCP take 2 to 6 s; on 2v29 a failed attempt may never call back, so a silence ends here. */
const CONNECT_DEADLINE_MS = 20000

/**
 * Keeps the station connected; the first attempt starts at once. The firmware does not retry by itself (2v29), or
 * gives up after three attempts and switches Wi-Fi off (later): either way the next attempt is ours.
 * `onDown` gets the firmware's own word, a reason number or text, once per attempt that failed or link that broke.
 */
export function keepWifi(
  wifi: Wifi,
  clock: Clock,
  backoff: Backoff,
  ssid: string,
  password: string,
  onUp: () => void,
  onDown: (why: string) => void,
): void {
  let isUp = false
  let isTrying = false

  const alarm = clock.alarm(() => {
    if (isUp) return backoff.reset()
    if (isTrying) {
      fail("no answer")
      // Or the next attempt would begin with the end of this one, and take it for its own.
      return wifi.disconnect()
    }
    isTrying = true
    alarm.set(CONNECT_DEADLINE_MS)
    wifi.connect(ssid, { password }, (error) => {
      if (error) fail(error)
    })
  })

  function fail(why: string): void {
    // One failed attempt may be told twice, by the event and by the callback.
    if (!isUp && !isTrying) return
    isUp = isTrying = false
    alarm.set(backoff.nextMs())
    onDown(why)
  }

  wifi.on("connected", () => {
    // Firmware after 2v29 mends two losses in silence and only says "connected" again: sockets are gone all the same.
    if (isUp) onDown("joined again")
    isUp = true
    isTrying = false
    alarm.set(STABLE_MS)
    onUp()
  })
  wifi.on("disconnected", (drop) => fail(drop.msg || drop.reason))
  alarm.set(0)
}
