import { batteryDays, type EnergyReport } from "../../../sim/energy/power"

/** Consumers named per board; the rest of them is small. */
const SHARES = 3

/** What each board drew, and for how long a battery of `mah` would do. */
export function energyTable(reports: readonly EnergyReport[], mah: number): string {
  const head = ["", "average", "drawn", `${mah} mAh last`, "most of it"]
  return aligned([head, ...reports.map((report) => row(report, mah))])
}

function row(report: EnergyReport, mah: number): string[] {
  const { device, averageMa, shares } = report
  const parts = shares.slice(0, SHARES).map((share) => `${share.name} ${percent(share.mah, report.mah)}`)
  return [
    device,
    `${averageMa.toFixed(1)} mA`,
    `${digits(report.mah)} mAh`,
    lasting(batteryDays(report, mah)),
    parts.join(", "),
  ]
}

/** The last column is the only one that may be long: it is not filled up. */
export function aligned(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

function lasting(days: number): string {
  if (!Number.isFinite(days)) return "for ever"
  return days < 2 ? `${digits(days * 24)} hours` : `${digits(days)} days`
}

/** Three that count. */
const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`
