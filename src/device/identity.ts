/** Client id of one board: two boards flashed with the same device entry must not throw each other off the broker. */
export const deviceId = (name: string, serial: string): string => `${name}-${serial.replace("-", "").substr(6)}`

/** A seed whose 16-bit halves are both odd: Espruino's generator keeps a half that is zero at zero. */
export const seedFrom = (hash: number): number => hash | 0x10001
