import { type BoardConsole, Silence } from "./console"

/** Espruino 2v25 and later (facts: DLE SOH, a type in the upper 3 bits of 16, a length in the others). */
const FILE_SEND = 0x6000
const DATA = 0x8000
const ACK = "\x06"
const NAK = "\x15"
/** A packet needs a buffer on the chip beside the program that runs, and 90 ms of the wire. */
const PACKET_BYTES = 1024
/** USB of a C3 or S3 with firmware up to 2v29 loses bytes behind the 64th of a burst. */
const SMALL_BYTES = 48
/** The chip refuses an incomplete packet after 5 s at the latest. */
const ACK_WITHIN_MS = 6500
const TRIES = 2

const packet = (type: number, data: string): string =>
  `\x10\x01${String.fromCharCode((type | data.length) >> 8, data.length & 255)}${data}`

/** The console hears Ctrl-C in a packet, too, and on a computer Ctrl-D: the first two end what runs there. */
const HOTKEYS = /[\x03\x04]/g
/** Flash that was not written yet, and may be written without erasing. */
const BLANK = "\xff"
/** Offsets in one line. */
const HOLES = 50

/** Writes one file. What arrived is for the caller to check: the chip says yes to bytes that Storage had no room for. */
export async function sendFile(
  board: BoardConsole,
  name: string,
  bytes: string,
  onProgress: (sent: number) => void,
): Promise<void> {
  const blanked = bytes.replace(HOTKEYS, BLANK)
  for (let size = PACKET_BYTES, attempt = 1; ; attempt++, size = SMALL_BYTES) {
    if (await sendWhole(board, name, blanked, size, onProgress)) return fillIn(board, name, bytes)
    if (attempt === TRIES) throw new Silence("the board refused the packets")
    // It may still be in the middle of one.
    await board.knock(ACK_WITHIN_MS)
  }
}

/** What no packet could carry goes into the flash that was left blank for it. */
async function fillIn(board: BoardConsole, name: string, bytes: string): Promise<void> {
  const holes = [...bytes.matchAll(HOTKEYS)].map(({ index, 0: byte }) => [index, byte.charCodeAt(0)])
  for (let at = 0; at < holes.length; at += HOLES) {
    const list = JSON.stringify(holes.slice(at, at + HOLES))
    await board.ask(
      `${list}.forEach(function(h){require("Storage").write("${name}",String.fromCharCode(h[1]),h[0])})`,
      10_000,
    )
  }
}

/** A packet that was refused leaves it open what the chip has of the file: it is sent again from its beginning. */
async function sendWhole(
  board: BoardConsole,
  name: string,
  bytes: string,
  size: number,
  onProgress: (sent: number) => void,
): Promise<boolean> {
  if (!(await sendPacket(board, FILE_SEND, `{"fn":"${name}","s":${bytes.length}}`))) return false
  for (let at = 0; at < bytes.length; at += size) {
    if (!(await sendPacket(board, DATA, bytes.slice(at, at + size)))) return false
    onProgress(Math.min(at + size, bytes.length))
  }
  return true
}

async function sendPacket(board: BoardConsole, type: number, data: string): Promise<boolean> {
  board.forget()
  await board.send(packet(type, data))
  if (!(await board.until((heard) => heard.includes(ACK) || heard.includes(NAK), ACK_WITHIN_MS))) return false
  return board.heard.includes(ACK)
}
