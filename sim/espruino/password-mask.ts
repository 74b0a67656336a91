/** Where a CONNECT begins, in plain TCP and inside a WebSocket frame with a zero mask: "MQTT" with its length. */
const PROTOCOL_NAME = "\0\x04MQTT"
const HAS_PASSWORD = 0x40
const HAS_USER = 0x80
const HAS_WILL = 0x04

/**
 * Hides the password of a connection's CONNECT, and nothing else, from whoever watches its bytes: it is found by its place and
 * not by its text, so that a short one spoils nothing, and one that no one knows is hidden, too.
 */
export class PasswordMask {
  private isDone = false
  /** Bytes of the password that have not left yet. */
  private from = 0
  private to = 0

  /** The first `count` bytes of what waits to be sent. */
  masked(pending: string, count: number): string {
    if (!this.isDone) this.find(pending)
    const bytes = pending.slice(0, count)
    const [from, to] = [Math.min(this.from, bytes.length), Math.min(this.to, bytes.length)]
    this.from -= from
    this.to -= Math.min(this.to, bytes.length)
    return to > from ? bytes.slice(0, from) + "*".repeat(to - from) + bytes.slice(to) : bytes
  }

  private find(pending: string): void {
    const at = pending.indexOf(PROTOCOL_NAME)
    if (at < 0) return
    const [from, to] = passwordAt(pending, at + PROTOCOL_NAME.length)
    // Not a number where a length is still to come.
    this.isDone = to >= from
    if (this.isDone) [this.from, this.to] = [from, to]
  }
}

/** From the protocol's level on (MQTT 3.1.1 and 5.0, clause 3.1); the password is the last field. */
function passwordAt(bytes: string, level: number): [from: number, to: number] {
  const flags = bytes.charCodeAt(level + 1)
  if (!(flags & HAS_PASSWORD)) return [0, 0]
  const skip = (at: number) => at + 2 + (bytes.charCodeAt(at) << 8) + bytes.charCodeAt(at + 1)
  const skipProperties = (at: number) => (bytes.charCodeAt(level) >= 5 ? behindProperties(bytes, at) : at)
  let at = skip(skipProperties(level + 4))
  if (flags & HAS_WILL) at = skip(skip(skipProperties(at)))
  if (flags & HAS_USER) at = skip(at)
  return [at + 2, skip(at)]
}

/** Their length is a variable byte integer (MQTT 5.0, clause 1.5.5). */
function behindProperties(bytes: string, start: number): number {
  let length = 0
  for (let at = start, shift = 0; ; at++, shift += 7) {
    const byte = bytes.charCodeAt(at)
    length |= (byte & 127) << shift
    if (!(byte & 128)) return at + 1 + length
  }
}
