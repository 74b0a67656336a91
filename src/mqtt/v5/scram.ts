import type { Crypto } from "../../hal/crypto"
import { byteAt, chr } from "../encode"
import type { Authenticator } from "./contract"

/** Bytes that SHA-256 takes at a time, which HMAC fills its key up to (RFC 2104). */
const BLOCK_BYTES = 64
/** The least that a server should ask for (RFC 7677, clause 4): with fewer a stolen exchange is soon tried out. */
const MIN_ITERATIONS = 4096
/** PBKDF2 blocks the whole chip. An impostor who asks for more would stop it for seconds. */
const MAX_ITERATIONS = 50000
const NONCE_BYTES = 18
/** No channel binding: the base64 of "n,,". */
const NO_BINDING = "c=biws"

/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677) for `mqtt5`: the broker learns that we know the password, and we learn that it
 * does, while the line carries neither it nor anything to use again. `user` and `password` are UTF-8, as SASLprep would leave
 * them, which all printable ASCII is.
 */
export function scramSha256(user: string, password: string, crypto: Crypto): Authenticator {
  /** Our first message without its header, and the nonce in it. */
  let first = ""
  let nonce = ""
  /** What the broker's last message must be; nothing until it is its turn. */
  let proof = ""
  /** The last password that was salted, and with what: a broker asks for the same each time, and it takes long. */
  let saltedWith = ""
  let salted = ""

  function hmac(key: string, text: string): string {
    const { sha256 } = crypto
    return sha256(padded(key, 0x5c) + sha256(padded(key, 0x36) + text))
  }

  function salt(withSalt: string, iterations: string): string {
    if (saltedWith !== withSalt + iterations) salted = crypto.pbkdf2Sha256(password, atob(withSalt), +iterations)
    saltedWith = withSalt + iterations
    return salted
  }

  return {
    authMethod: "SCRAM-SHA-256",
    firstData() {
      proof = ""
      nonce = btoa(crypto.randomBytes(NONCE_BYTES))
      first = "n=" + user.replace(/=/g, "=3D").replace(/,/g, "=2C") + ",r=" + nonce
      return "n,," + first
    },
    answerTo(challenge) {
      // r=nonce,s=salt,i=iterations. An extension that must be understood (m=) stands in front and is none of these.
      const [both = "", withSalt = "", iterations = ""] = challenge.split(",")
      const count = +iterations.substr(2)
      const isNonceOurs = both.startsWith("r=" + nonce) && both.length > nonce.length + 2
      if (!first || !isNonceOurs || !withSalt.startsWith("s=") || !iterations.startsWith("i=")) return undefined
      if (!(count >= MIN_ITERATIONS && count <= MAX_ITERATIONS)) return undefined
      const secret = salt(withSalt.substr(2), iterations.substr(2))
      const last = NO_BINDING + "," + both
      const conversation = first + "," + challenge + "," + last
      const clientKey = hmac(secret, "Client Key")
      proof = "v=" + btoa(hmac(hmac(secret, "Server Key"), conversation))
      // One challenge for one first message.
      first = ""
      return last + ",p=" + btoa(xor(clientKey, hmac(crypto.sha256(clientKey), conversation)))
    },
    isProof(data) {
      const isRight = !!proof && data.split(",")[0] === proof
      proof = ""
      return isRight
    },
  }
}

/** An HMAC key, filled up to a block, each byte xor `by`. Of 32 bytes, as all keys here. */
function padded(key: string, by: number): string {
  let bytes = ""
  for (let at = 0; at < BLOCK_BYTES; at++) bytes += chr((at < key.length ? byteAt(key, at) : 0) ^ by)
  return bytes
}

function xor(one: string, other: string): string {
  let bytes = ""
  for (let at = 0; at < one.length; at++) bytes += chr(byteAt(one, at) ^ byteAt(other, at))
  return bytes
}
