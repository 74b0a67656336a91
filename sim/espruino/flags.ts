/** Error flags of the interpreter, in the order and with the names of E.getErrorFlags(). */
export type ErrorFlag = "FIFO_FULL" | "BUFFER_FULL" | "CALLBACK" | "LOW_MEMORY" | "MEMORY"
const ORDER: ErrorFlag[] = ["FIFO_FULL", "BUFFER_FULL", "CALLBACK", "LOW_MEMORY", "MEMORY"]

export class Flags {
  private readonly raised = new Set<ErrorFlag>()
  private readonly reported = new Set<ErrorFlag>()

  raise(flag: ErrorFlag): void {
    this.raised.add(flag)
  }

  /** Reading clears, as on the chip. */
  read(): ErrorFlag[] {
    const flags = ORDER.filter((flag) => this.raised.has(flag))
    this.raised.clear()
    this.reported.clear()
    return flags
  }

  /** Flags that 'errorFlag' has not been told of. LOW_MEMORY is a warning: told in company, never alone. */
  news(): ErrorFlag[] {
    if (this.raised.size === this.reported.size) return []
    const fresh = ORDER.filter((flag) => this.raised.has(flag) && !this.reported.has(flag))
    for (const flag of fresh) this.reported.add(flag)
    return fresh.some((flag) => flag !== "LOW_MEMORY") ? fresh : []
  }
}
