import { byteAt } from "./encode"

/**
 * True when `bytes` are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. As `isText` in its options
 * it makes a client end the connection at a topic that is not [MQTT-1.5.3-1]. A part of its own, because brokers look
 * already, and no exact filter matches such a topic. Byte by byte: the interpreter's regular expressions fail at this.
 */
export function isText(bytes: string): boolean {
  let left = 0
  let code!: number
  let least!: number
  for (let at = 0; at < bytes.length; at++) {
    const byte = byteAt(bytes, at)
    if (left) {
      code = code * 64 + (byte & 63)
      if (byte >> 6 !== 2 || (!--left && (code < least || code > 0x10ffff || code >> 11 === 0x1b))) return false
    } else if (byte > 127) {
      if (byte < 0xc2 || byte > 0xf4) return false
      left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
      code = byte & (63 >> left)
      least = 1 << (5 * left + 1)
    }
  }
  return !left
}
