import { mqtt5 } from "motewire/mqtt/v5/mqtt5"
import { brokers } from "motewire/net/brokers"
import type { Platform } from "../../../src/hal/platform"

/** References as a broker may send them, sound and not. */
const REFERENCES = [
  "x",
  "x.example-1_a:8883",
  "[fe80::9610:3eff:fe1c]:1883",
  "x: y",
  "x:0",
  "x:65536",
  "x:1e3",
  "fe80::1",
  "",
]

/** Says where a device goes that is sent to each of them, and then nowhere. */
export default ({ chip }: Platform) => {
  const five = mqtt5({ nowMs: () => 0, alarm: () => ({ set: () => undefined, clear: () => undefined }) })
  const backoff = { nextMs: () => 9, reset: () => undefined }
  for (const reference of REFERENCES) {
    const silent = { random: () => 0, log: () => undefined, warn: () => undefined }
    const way = brokers({ host: "a", port: 1, more: [{ host: "b", port: 2 }] }, backoff, silent, five)
    let line = `way ${reference} =`
    for (const reason of [0x9d, 6, 6, 6, 6]) {
      five.serverReference = reference
      line += ` ${way.nextMs(reason)} ${way.host}:${way.port}`
    }
    chip.log(line)
  }
  chip.log("done")
}
