import type { Crypto } from "../crypto"
import type { Require } from "./globals"

/** Hashes are made by the firmware, as ArrayBuffers. */
interface CryptoModule {
  SHA256(bytes: string): ArrayBuffer
  PBKDF2(
    password: string,
    salt: string,
    options: { keySize: number; iterations: number; hasher: "SHA256" },
  ): ArrayBuffer
}

declare const require: Require
declare const getTime: () => number
declare const getSerial: () => string
declare const E: { toString(bytes: ArrayBuffer): string; hwRand(): number }

/** 32 bytes, counted in words of 32 bits. */
const KEY_WORDS = 8

/**
 * The firmware's `crypto`: needs a build with the libraries CRYPTO, SHA256 and TLS (PBKDF2 hangs on the last). The boards ESP32,
 * ESP32C3_IDF4 and ESP32S3_IDF4 of Espruino 2v29 have all three; ESP32_IDF4 has them commented out in boards/ESP32_IDF4.py, and
 * there this throws when it is called.
 *
 * The chip's own random numbers are C's `rand()` on ESP32, the same after every boot (targets/esp32/jshardware.c). So the
 * microsecond of the call goes in as well, and a count: bytes come once, but who knows the serial number and when the
 * chip booted can guess them. That is enough for a nonce, and not for a key.
 */
export function openCrypto(): Crypto {
  const crypto = require("crypto") as CryptoModule
  if (!crypto.PBKDF2) throw new Error("this firmware was built without TLS, and so without PBKDF2")
  const sha256 = (bytes: string) => E.toString(crypto.SHA256(bytes))
  let last = getSerial()
  return {
    sha256,
    pbkdf2Sha256: (password, salt, iterations) =>
      E.toString(crypto.PBKDF2(password, salt, { keySize: KEY_WORDS, iterations, hasher: "SHA256" })),
    randomBytes(count) {
      last = sha256(last + getTime() + E.hwRand())
      return last.substr(0, count)
    },
  }
}
