/** A UART, shaped so that Espruino's own `Serial` satisfies it. Byte strings; 8 data bits, no parity, one stop bit. */
export interface Serial {
  /** Queues the bytes and returns. */
  write(bytes: string): void
  /** `run` gets what has come since it ran last: cut anywhere, a message may come in pieces. */
  on(event: "data", run: (bytes: string) => void): void
}
