type Log = (text: string) => void

const depthOf = (level: number): number => (level < 0 ? 0 : 1 + depthOf(level + 1)) // FAULT stack

/** Deeper than the chip's stack. */
export function overrun(log: Log): void {
  log("depth: " + depthOf(0)) // CALLER stack
}

const hoard: string[] = []

/** More than the chip's memory. */
export function fill(log: Log): void {
  for (let line = 0; line < 1e6; line++) {
    hoard.push("a line of text that takes some blocks, number " + line) // FAULT memory
  }
  log("lines: " + hoard.join())
}
