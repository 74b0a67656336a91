import type { Clock } from "../hal/clock"
import type { Wifi } from "../hal/wifi"
import type { Backoff } from "./backoff"

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
    if (isTrying) return fail("no answer")
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
    alarm.clear()
    backoff.reset()
    onUp()
  })
  wifi.on("disconnected", (drop) => fail(drop.reason))
  alarm.set(0)
}
