import { expect, test } from "vitest"
import { checkFaults } from "../../tools/cli/sim/faults"
import { Failure } from "../../tools/failure"
import { loadConfig } from "../../tools/config/load"

const { devices } = await loadConfig("examples/flash.config.json")
const MINUTE_US = 60e6
const doubts = (...faults: string[]) => checkFaults(faults, devices, MINUTE_US)

test("a fault that begins when the run is over is refused with both times", () => {
  const check = () => doubts("broker: stop @ 10s", "wifi: drop @ 90s for 1s")
  expect(check).toThrow(Failure)
  expect(check).toThrow(
    '--fault "wifi: drop @ 90s for 1s" begins at 90s, and --for ends the run at 1min. Let it begin before, or run for longer.',
  )
})

test("one that begins at the last instant of the run is not, nor is any where the run has no end", () => {
  expect(doubts("wifi: drop @ 1min")).toEqual([])
  expect(checkFaults(["wifi: drop @ 10h"], devices, undefined)).toEqual([])
})

test.each(["GPIO13", "gpio13", "D13"])("a wire at %s, where nothing is, is warned of", (pin) => {
  expect(doubts(`greenhouse.${pin}: stuck-low`)).toEqual([
    `--fault "greenhouse.${pin}: stuck-low" will show nothing: no part and no setting of "greenhouse" is at GPIO13.`,
  ])
})

test.each([
  ["a pin of a part", "greenhouse.GPIO4: stuck-low"],
  ["a pin of a bus", "weather-station.GPIO22: stuck-low"],
  ["a part", "greenhouse.dht22: missing"],
  ["a part's wire", "greenhouse.dht22.data: open"],
  ["a board", "greenhouse: reboot"],
  ["a name that the house will refuse", "greenhaus.GPIO13: stuck-low"],
  ["a text that the house will refuse", "stuck-low"],
])("nothing is said of %s", (_, fault) => {
  expect(doubts(fault)).toEqual([])
})
