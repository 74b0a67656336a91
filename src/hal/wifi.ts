/** The Wi-Fi station, shaped so that Espruino's own `Wifi` module satisfies it. */
export interface Wifi {
  /** `onDone(null)` once an address was leased. On failure, 2v29 never calls it; later versions pass a reason. */
  connect(ssid: string, options: { password?: string }, onDone: (error: string | null) => void): void
  disconnect(): void
  /** Every event costs blocks that the firmware never gives back (10 to 13 in 2v29), so listen to few. */
  on(event: "connected", run: (lease: { ip: string }) => void): void
  on(event: "disconnected", run: (drop: { reason: string; msg?: string }) => void): void
  /** Looks a name up without blocking. Calls back with the address, or with nothing when there is none. */
  getHostByName(host: string, onAddress: (ip: string | null | undefined) => void): void
}
