import { busiestSecond, restart } from "./fleet"

const CLIENTS = 1000
/** How long the broker is gone, and how many seconds after its return are shown. */
const OUTAGES = [
  { title: "restarts at once", downMs: 100, shownS: 6, tickS: 1 },
  { title: "is gone for 5 s", downMs: 5000, shownS: 30, tickS: 5 },
  { title: "is gone for 30 s", downMs: 30_000, shownS: 90, tickS: 15 },
  { title: "is gone for an hour", downMs: 3_600_000, shownS: 120, tickS: 30 },
]

/** Pixels. */
const PANEL = { width: 380, height: 210, left: 48, right: 22, top: 42, bottom: 36 }
const HEAD = 46
const MOST_PCT = 40
const INK = "#333"
const PALE = "#ddd"
const BAR = "#2f6f9f"

/** One text for the same sources: a test compares it with the file. */
export function plot(): string {
  const panels = OUTAGES.map(
    (outage, i) =>
      `<g transform="translate(${(i % 2) * PANEL.width} ${HEAD + Math.floor(i / 2) * PANEL.height})">${panel(outage)}</g>`,
  )
  const [width, height] = [2 * PANEL.width, HEAD + 2 * PANEL.height]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="14" y="20" font-size="15" font-weight="bold">1,000 devices lose their broker in the same moment</text>`,
    `<text x="14" y="37">share of them that comes back in each second, from the moment it listens again (simulated)</text>`,
    ...panels,
    "</svg>",
    "",
  ].join("\n")
}

function panel({ title, downMs, shownS, tickS }: (typeof OUTAGES)[number]): string {
  const { backMs } = restart(CLIENTS, downMs)
  const perSecond = Array.from({ length: shownS }, () => 0)
  for (const atMs of backMs) perSecond[Math.floor(atMs / 1000)]!++
  const { width, height, left, right, top, bottom } = PANEL
  const x = (atS: number) => round(left + (atS / shownS) * (width - left - right))
  const y = (pct: number) => round(height - bottom - (pct / MOST_PCT) * (height - top - bottom))
  const gap = shownS > 60 ? 0.4 : 1
  const bars = perSecond.map((count, atS) => {
    const pct = (100 * count) / CLIENTS
    return count === 0
      ? ""
      : `<rect x="${x(atS)}" y="${y(pct)}" width="${round(x(atS + 1) - x(atS) - gap)}" height="${round(y(0) - y(pct))}"/>`
  })
  const half = Math.ceil(backMs[CLIENTS / 2]! / 1000)
  const last = Math.ceil(backMs.at(-1)! / 1000)
  const busiest = Math.round(100 * busiestSecond(backMs, CLIENTS))
  const parts = [
    `<text x="${left}" y="${top - 20}" font-weight="bold">The broker ${title}</text>`,
    `<text x="${left}" y="${top - 7}">busiest second ${busiest} %; half are back in ${half} s, all in ${last} s</text>`,
    ...ticks(MOST_PCT, 10).map(
      (pct) =>
        `<path d="M${left} ${y(pct)}H${width - right}" stroke="${PALE}"/><text x="${left - 6}" y="${y(pct) + 4}" text-anchor="end">${pct} %</text>`,
    ),
    `<g fill="${BAR}">${bars.join("")}</g>`,
    `<path d="M${left} ${y(0)}H${width - right}" stroke="${INK}"/>`,
    ...ticks(shownS, tickS).map(
      (atS) => `<text x="${x(atS)}" y="${y(0) + 15}" text-anchor="middle">${atS}${atS === shownS ? " s" : ""}</text>`,
    ),
  ]
  return parts.join("\n")
}

const ticks = (upTo: number, step: number): number[] =>
  Array.from({ length: Math.floor(upTo / step) + 1 }, (_, i) => i * step)

const round = (pixels: number): number => Math.round(pixels * 10) / 10
