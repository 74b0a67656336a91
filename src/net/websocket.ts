import type { Network, Socket } from "../hal/socket"

const chr = String.fromCharCode

/** First bytes of whole frames: FIN and opcode (RFC 6455, clause 5.2). MQTT travels in binary ones [MQTT-6.0.0-1]. */
const BINARY = 0x82
const PING = 0x89
const PONG = 0x8a

/** Without a status code, which is optional (clause 5.5.1); masked, as everything from a client. */
const CLOSE_FRAME = "\x88\x80\0\0\0\0"

/** A longer answer to the handshake is taken for something else: brokers send 130 to 250 bytes. */
const MAX_ANSWER_BYTES = 1024

/** Of one frame: what is left of it must stay an integer for `substr` on the chip. */
const MAX_FRAME_BYTES = 1e9

/**
 * MQTT over WebSocket (RFC 6455; MQTT 3.1.1, clause 6) on any network, as its client, in constant memory: an
 * incomplete answer, header or control frame waits, all else is handed on in the pieces in which it comes. What is written
 * before the handshake is done waits, too; `onConnect` runs before it. What is malformed ends the connection.
 *
 * One connection at a time, so that reconnecting makes no closures; one listener for "data" and "close" each; no events
 * after `end`. `random` makes the handshake's key; `path` is where the broker takes WebSockets. The Host header
 * has what is dialled, which in a program is an address and not a name.
 *
 * Sec-WebSocket-Accept is not checked (clause 4.1 wants it): it takes a SHA-1 and 100 bytes of bundle to prove
 * that the peer speaks WebSocket, which the status line says, too, and CONNACK after it. Who the peer is it does not prove.
 */
export function webSocket(network: Network, random: () => number, path = "/mqtt"): Network {
  let line: Socket
  let isOpen = false
  /** Written before the connection was open. */
  let held: string
  /** Received and not handed on: what is not whole yet. */
  let rest: string
  /** Bytes of a data frame still to come, and whether its message goes on after it. */
  let left: number
  let isFragment: boolean
  let onData: (bytes: string) => void
  let onClose: (this: Socket) => void

  /**
   * Clause 5.3 wants a masking key that nobody can guess, so that no script in a browser chooses what a proxy sees on the
   * wire and takes for HTTP. Nobody but this program chooses here, and masking 28 bytes takes 350 us in a loop, 210 unrolled,
   * where all of this takes 40 (Espruino c5ff787b1 for Linux): the key is zero, which leaves the bytes as they are.
   */
  function send(first: number, bytes: string): void {
    const { length } = bytes
    line.write(
      (length < 126 ? chr(first, length | 128, 0, 0, 0, 0) : chr(first, 254, length >> 8, length & 255, 0, 0, 0, 0)) +
        bytes,
    )
  }

  function write(bytes: string): void {
    if (!isOpen) {
      held += bytes
      return
    }
    // Frames and packets need not coincide [MQTT-6.0.0-2], which spares the 64-bit lengths.
    for (; bytes.length > 65535; bytes = bytes.substr(65535)) send(BINARY, bytes.substr(0, 65535))
    send(BINARY, bytes)
  }

  function end(): void {
    if (isOpen) line.write(CLOSE_FRAME)
    isOpen = false
    line.removeAllListeners()
    line.end()
  }

  /** Tells at once, so that nothing more is written: the chip throws at a write to a line that was ended. */
  function fail(): void {
    end()
    onClose.call(socket)
  }

  // Firmware may have queued the "close" of a line that was replaced meanwhile; it calls with the socket as `this`, as here.
  function onLineClosed(this: unknown): void {
    if (this !== line) return
    isOpen = false
    onClose.call(socket)
  }

  function receive(bytes: string): void {
    rest += bytes
    if (!isOpen) takeAnswer()
    // A handler may hang up, and even dial again.
    while (isOpen && rest) {
      if (left) {
        const piece = rest.substr(0, left)
        left -= piece.length
        rest = rest.substr(piece.length)
        onData(piece)
      } else {
        const taken = takeHeader()
        if (!taken) return
        rest = rest.substr(taken)
      }
    }
  }

  /** The server's part of the handshake (clause 4.2.2). */
  function takeAnswer(): void {
    const end = rest.indexOf("\r\n\r\n")
    if (end < 0 && rest.length < MAX_ANSWER_BYTES) return
    if (end < 0 || !rest.startsWith("HTTP/1.1 101")) return fail()
    isOpen = true
    rest = rest.substr(end + 4)
    if (held) write(held)
    held = ""
  }

  /** The length of a data frame's header or a whole control frame; nothing when it is not all there, or was the last. */
  function takeHeader(): number | void {
    // What has not arrived is NaN, for which no comparison holds.
    const first = rest.charCodeAt(0)
    const short = rest.charCodeAt(1)
    const at = short < 126 ? 2 : short < 127 ? 4 : 10
    if (first & 8) {
      // A known kind, in one piece of 125 bytes at most (clause 5.5). Anything else is malformed or CLOSE: both are the end.
      if ((first !== PING && first !== PONG) || short > 125) return fail()
      if (!(rest.length > short + 1)) return
      if (first === PING) send(PONG, rest.substr(2, short))
      return short + 2
    }
    let length = at > 2 ? 0 : short
    for (let index = 2; index < at; index++) length = length * 256 + rest.charCodeAt(index)
    // No reserved bits, no text (5.2), a continuation exactly when there is something to continue (5.4), no mask (5.1).
    if (first & 0x7d || !(first & 2) !== isFragment || short > 127 || length > MAX_FRAME_BYTES) return fail()
    if (rest.length < at) return
    isFragment = first < 128
    left = length
    return at
  }

  const socket: Socket = {
    get dSnd() {
      return held || line.dSnd
    },
    write,
    end,
    on(event: "data" | "close" | "drain", run: (bytes: string) => void) {
      if (event === "data") onData = run
      else if (event === "close") onClose = run as () => void
      else line.on(event, run as () => void)
    },
    removeAllListeners: () => line.removeAllListeners(),
  }

  return {
    connect(address, onConnect) {
      line = network.connect(address, onConnect)
      isOpen = isFragment = false
      held = rest = ""
      left = 0
      onData = onClose = () => {}
      line.on("data", receive)
      line.on("close", onLineClosed)
      let key = ""
      while (key.length < 16) key += chr(random() * 256)
      line.write(
        `GET ${path} HTTP/1.1\r\nHost: ${address.host}:${address.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${btoa(key)}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
      )
      return socket
    },
  }
}
