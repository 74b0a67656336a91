import { createHash, pbkdf2Sync, randomBytes } from "node:crypto"
import type { Crypto } from "../../src/hal/crypto"

const latin1 = (bytes: Buffer): string => bytes.toString("latin1")

/** Node's own, for `scramSha256` on a host. */
export const hostCrypto: Crypto = {
  sha256: (bytes) => latin1(createHash("sha256").update(bytes, "latin1").digest()),
  pbkdf2Sha256: (password, salt, iterations) =>
    latin1(pbkdf2Sync(Buffer.from(password, "latin1"), Buffer.from(salt, "latin1"), iterations, 32, "sha256")),
  randomBytes: (count) => latin1(randomBytes(count)),
}
