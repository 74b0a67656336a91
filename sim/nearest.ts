/** Names within reach of a slip of the finger, nearest first: "did you mean". */
export function nearest(wanted: string, names: Iterable<string>, atMost = 3): string[] {
  const lower = wanted.toLowerCase()
  // A third of the name may be wrong: "sensr" finds "sensor", "led" does not find "dht22".
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  const scored = [...names].map((name) => ({ name, score: distance(lower, name.toLowerCase()) }))
  const near = scored.filter(({ score }) => score <= limit).sort((a, b) => a.score - b.score)
  return near.slice(0, atMost).map(({ name }) => name)
}

/** `Did you mean "sensor"?`, or the whole choice when nothing is near. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const all = [...names]
  const near = nearest(wanted, all, 1)
  if (near.length > 0) return `Did you mean "${near[0]}"?`
  return all.length > 0 ? `Known here: ${all.join(", ")}.` : "Nothing may stand here."
}

/** Damerau-Levenshtein (optimal string alignment): a swap of neighbours counts as one slip. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1)
    }
  }
  return rows[a.length][b.length]
}
