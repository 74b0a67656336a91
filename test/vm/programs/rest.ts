import type { Network } from "../../../src/hal/socket"
import { handOver, type Make } from "./hand-over"

/**
 * For blocks at rest: what belongs to the program and not to its client (clock, events, options) is made first, then the client.
 * As lists, for bundles shorten names.
 */
export const handOverRest = (make: Make): void => {
  handOver("wire", (network: Network, alarm: { run: () => void }, tell: (what: string) => void) => [
    network,
    {
      nowMs: () => 0,
      alarm(run: () => void) {
        alarm.run = run
        return alarm
      },
    },
    {
      onUp: () => tell("up"),
      onDown: (reason: number) => tell("down " + reason),
      onTrouble: (code: number) => tell("trouble " + code),
    },
    { clientId: "rest", keepAliveS: 60, maxPacketBytes: 1024, maxUnsentBytes: 2048, maxSubscriptions: 8 },
  ])
  handOver("connect", (wired: Parameters<Make>, port: number) => {
    const client = make(wired[0], wired[1], wired[2], wired[3])
    client.open("127.0.0.1", port)
    return client
  })
}
