/**
 * A TCP stream of byte strings (each character 0 to 255), shaped so that Espruino's own socket satisfies it.
 */
export interface Socket {
  /** Queues without limit and reports nothing of use: look at `dSnd` before writing more. */
  write(bytes: string): unknown
  /** Sends what is queued, then closes. */
  end(): void
  on(event: "data", run: (bytes: string) => void): void
  on(event: "close" | "drain", run: () => void): void
  removeAllListeners(): void
  /**
   * What was written and has not left yet, under the name Espruino gives it: there the bytes themselves, on a host their
   * count. Absent or empty when nothing waits.
   */
  readonly dSnd?: { readonly length: number }
}

export interface Network {
  /**
   * Opens a connection. Blocks the whole chip until TCP answers or gives up, and throws when it cannot be opened.
   * `onConnect` runs later, and data may arrive before it does.
   */
  connect(address: { host: string; port: number }, onConnect: () => void): Socket
}
