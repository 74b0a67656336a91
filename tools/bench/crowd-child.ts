/**
 * Run by crowd.ts in a process of its own, which has never built a program: many boards in one house, and what the process
 * holds for them. Told as JSON, bytes.
 */
import type { DeviceSpec } from "../../sim/device"
import { House } from "../../sim/house"
import type { Crowd, Memory } from "./crowd"

declare const gc: () => void

const spec = JSON.parse(process.argv[2]!) as DeviceSpec
const count = Number(process.argv[3])
/** Collections until nothing more is found: what they free is given back to the system only by the next ones. */
const COLLECTIONS = 4
const TEN_MINUTES_MS = 600_000

async function held(): Promise<Memory> {
  const { rss: uncollectedBytes } = process.memoryUsage()
  for (let i = 0; i < COLLECTIONS; i++) {
    gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { rss, heapUsed } = process.memoryUsage()
  return { rssBytes: rss, heapBytes: heapUsed, uncollectedBytes }
}

const empty = await held()
const devices = Array.from({ length: count }, (_, i) => {
  const name = `${spec.name}${i}`
  return { ...spec, name, record: { ...spec.record!, id: name } }
})
const house = new House({ seed: 7, devices, trace: false })
house.boot()
await house.advance("1s")
const booted = await held()
const startMs = performance.now()
await house.advance("10min")
const timesReal = TEN_MINUTES_MS / (performance.now() - startMs)
await house.advance("50min")
const hour = await held()
await house.close()
process.stdout.write(JSON.stringify({ empty, booted, hour, timesReal } satisfies Crowd))
