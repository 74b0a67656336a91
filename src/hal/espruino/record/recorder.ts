import type { Chip } from "../../chip"

/**
 * Streams what enters and leaves a program over the console, for `motewire record`. A record is a letter and its fields; records,
 * each with a tab in front, make a stream, which goes out in lines of
 *
 *     @@<number> <CRC-32 of the rest, 16 bits> <up to 96 characters of the stream>
 *
 * so that the host notices a line that is lost or spoilt. docs/recording.md lists the letters. Lines are printed between the
 * callbacks of the program and never in them: a full console makes the firmware wait, 9 ms for a line at 115,200 baud.
 */
export interface Recorder {
  /** A callback enters the program: `nowMs` is its time until the next one, so that a replay sees the same numbers. */
  enter(letter: string, fields: string): void
  /** What the callback that runs does, or asks for and gets at once. */
  note(record: string): void
  /** An edge as the interrupt stamped it, in seconds; `lastS` is the edge before. Its callback has its time. */
  edge(pin: number, timeS: number, lastS: number | undefined): void
  nowMs(): number
  /** Prints all that waits, at once: the chip is about to go. */
  flush(): void
  /** Stars in place of `secret` where it stands last, behind its length, in a CONNECT, whatever frame that comes in. */
  conceal(secret: string): void
  masked(bytes: string): string
}

export const LINE_CHARS = 96
/** What may wait to be printed: a packet of 1 kB in base64 and as much of all else; 210 blocks of a chip when it is full. */
export const BUFFER_CHARS = 2000
/** Line numbers begin again: above 8191 a number takes a block of its own. */
export const LINE_NUMBERS = 8000
const NO_PIN = -1
/** The name of the protocol in CONNECT, of 3.1.1 and of 5.0 ([MQTT-3.1.2-1]). */
const CONNECT = "\0\x04MQTT"

/** `chip` gives time, timer and console. Its time is 0 now. */
export function createRecorder(chip: Pick<Chip, "nowMs" | "arm" | "crc32" | "log" | "onFault">): Recorder {
  const zeroMs = chip.nowMs()
  let nowUs = 0
  /** Of the record that was told last: times in the stream are differences. */
  let toldUs = 0
  let waiting = ""
  let number = 0
  let lost = 0
  let isArmed = false
  /** Whose edges stand at the end of the stream: more of them are only appended. */
  let edgePin = NO_PIN
  let secret = ""
  let stars = ""

  function print(): void {
    const text = waiting.substr(0, LINE_CHARS)
    waiting = waiting.substr(LINE_CHARS)
    chip.log(`@@${number} ${chip.crc32(text) & 0xffff} ${text}`)
    number = (number + 1) % LINE_NUMBERS
  }

  /** One line, and the next when the chip has been idle: edges are fetched in between. */
  const drain = () => {
    isArmed = waiting.length > LINE_CHARS
    if (isArmed) chip.arm(drain, 0)
    if (waiting) print()
  }

  /** False when there is no room: then it is counted, and told as soon as there is. */
  function append(text: string): boolean {
    edgePin = NO_PIN
    if (waiting.length + text.length > BUFFER_CHARS) {
      lost++
      return false
    }
    if (lost) waiting += "\t!" + lost
    lost = 0
    waiting += text
    if (!isArmed) {
      isArmed = true
      chip.arm(drain, 0)
    }
    return true
  }

  // Memory that ran out in `drain` may have left it unarmed.
  chip.onFault(() => chip.arm(drain, 0))
  return {
    enter(letter, fields) {
      nowUs = Math.round((chip.nowMs() - zeroMs) * 1000)
      if (append("\t" + letter + (nowUs - toldUs) + fields)) toldUs = nowUs
    },
    note: (record) => void append("\t" + record),
    edge(pin, timeS, lastS) {
      const atUs = Math.round((timeS * 1000 - zeroMs) * 1000)
      const head = edgePin === pin ? "," : "\te" + pin + ","
      const high = lastS === undefined ? "" : ":" + Math.round((timeS - lastS) * 1000000)
      if (append(head + (atUs - toldUs) + high)) {
        toldUs = atUs
        edgePin = pin
      }
      // Never backwards: a callback in between may have come before the edge was fetched.
      if (atUs > nowUs) nowUs = atUs
    },
    // As the chip would compute it of its own seconds, to the last bit.
    nowMs: () => (nowUs / 1000000) * 1000,
    flush() {
      while (waiting) print()
    },
    conceal(password) {
      const length = String.fromCharCode(password.length >> 8, password.length & 255)
      secret = length + password
      stars = length + "*".repeat(password.length)
    },
    masked(bytes) {
      // [MQTT-3.1.3-1] The password is the last field: the same text before it is the client id's or the user name's.
      const at = secret && bytes.indexOf(CONNECT) >= 0 ? bytes.lastIndexOf(secret) : -1
      return at < 0 ? bytes : bytes.substr(0, at) + stars + bytes.substr(at + stars.length)
    },
  }
}
