/** What authentication needs of the chip. All values are byte strings. */
export interface Crypto {
  /** 32 bytes (FIPS 180-4). */
  sha256(bytes: string): string
  /** 32 bytes: PBKDF2 with HMAC-SHA-256 (RFC 8018). Blocks for all of its iterations. */
  pbkdf2Sha256(password: string, salt: string, iterations: number): string
  /** Bytes that were never used before; see the adapter for how hard they are to guess. At most 32. */
  randomBytes(count: number): string
}
