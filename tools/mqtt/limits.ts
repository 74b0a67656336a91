/** The largest remaining length that MQTT can write (clause 2.2.3 of 3.1.1). */
const MAX_LENGTH = 268_435_455

/**
 * What each number among the options may be. `maxQueued` is the number of packet ids: from 12,336 up one has two bytes that are
 * digits, and V8 puts such a key before all others, which would break the order. SUBSCRIBE has the ids from 0x7F00 up.
 */
const RANGES = {
  keepAliveS: [0, 65_535],
  maxQueued: [1, 12_000],
  maxInFlight: [1, 65_535],
  maxMessageBytes: [1, MAX_LENGTH],
  maxPacketBytes: [128, MAX_LENGTH],
  maxSubscriptions: [1, 32_000],
  firstRetryMs: [1, 120_000],
} as const

type Limited = { [name in keyof typeof RANGES]?: number | undefined }

/** Throws on a number that is none, or outside its range: names it, what it is and what it may be. */
export function refuseLimits(options: Limited): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = options[name as keyof Limited]
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
      throw new RangeError(
        `${name} is ${String(value)}: it must be a whole number from ${least} to ${most.toLocaleString("en")}.`,
      )
  }
}
