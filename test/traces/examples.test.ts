import { beforeAll, describe, expect, test } from "vitest"
import type { DeviceSpec } from "../../sim/device"
import type { House } from "../../sim/house"
import { readTrace } from "../../sim/trace/file"
import { loadConfig } from "../../tools/config/load"
import { bundlesOf } from "../../tools/build/bundles"
import { simulated } from "../../tools/house"
import { ROOT } from "../../tools/root"
import { record, replay } from "../sim/replay/recording"

/** An hour in which every button is pressed now and then, and everybody who listens hears something. */
async function hour(house: House): Promise<void> {
  for (let minute = 0; minute < 60; minute += 5) {
    await house.advance("5min")
    for (const { parts } of house.devices.values()) for (const part of Object.values(parts)) part.press?.()
    house.broker.publish("sensor/data", `{"temperature":${16 + minute / 5},"humidity":50}`)
  }
}

describe.each([`${ROOT}flash.config.json`, `${ROOT}examples/flash.config.json`])(
  "an hour of the devices of %s",
  (file) => {
    let specs: DeviceSpec[]
    let text: string

    beforeAll(async () => {
      const config = await loadConfig(file)
      const built = simulated(config, await bundlesOf(config.devices))
      specs = built.specs
      text = await record({ devices: specs, network: built.network }, hour)
    }, 120_000)

    test("replays identically, each of them", () => {
      expect(readTrace(text).isAsRecorded).toBe(true)
      const outcomes = specs.map((spec) => ({ name: spec.name, ...replay(text, spec) }))
      expect(outcomes.filter(({ difference }) => difference)).toEqual([])
      for (const { inputs, outputs } of outcomes) expect(Math.min(inputs, outputs)).toBeGreaterThan(5)
    }, 60_000)

    test("is known for changed when any one bit of it is", () => {
      for (let i = 0; i < 60; i++) {
        const at = (i * 104_729 + 7919) % text.length
        const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << (i % 7)))
        expect(isRefused(text.slice(0, at) + flipped + text.slice(at + 1)), `bit ${i % 7} at ${at}`).toBe(true)
      }
    }, 60_000)
  },
)

/** By its sum, or since it is no trace any more. */
function isRefused(text: string): boolean {
  try {
    return readTrace(text).isAsRecorded !== true
  } catch {
    return true
  }
}
