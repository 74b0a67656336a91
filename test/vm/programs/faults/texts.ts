/** A thrown text has no trace on the chip. */
export function refuseLimit(limit: number): void {
  if (limit > 5) throw "no limit of " + limit // LIKELY text
}

/** Nor does JSON.parse tell of its caller. */
export function read(text: string): unknown {
  return JSON.parse(text) // LIKELY json
}
