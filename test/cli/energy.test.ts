import { expect, test } from "vitest"
import type { EnergyReport } from "../../sim/energy/power"
import { energyTable } from "../../tools/cli/sim/energy"

const report = (device: string, averageMa: number, shares: [string, number][]): EnergyReport => ({
  device,
  hours: 24,
  mah: averageMa * 24,
  averageMa,
  shares: shares.map(([name, share]) => ({ name, mah: averageMa * 24 * share })),
  deepSleepMa: 10,
})

test("one line a board: what it drew, how long the battery lasts, and who drew most", () => {
  const table = energyTable(
    [
      report("climate", 62.04, [
        ["cpu", 0.8],
        ["board", 0.16],
        ["radio", 0.03],
        ["dht22", 0.01],
      ]),
      report("lamp", 0.5, [["cpu", 1]]),
      report("off", 0, []),
    ],
    2000,
  )
  expect(table).toBe(
    [
      "         average  drawn     2000 mAh last  most of it",
      "climate  62.0 mA  1489 mAh  32.2 hours     cpu 80 %, board 16 %, radio 3 %",
      "lamp     0.5 mA   12.0 mAh  167 days       cpu 100 %",
      "off      0.0 mA   0.00 mAh  for ever",
    ].join("\n"),
  )
})
