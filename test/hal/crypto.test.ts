import { readFileSync } from "node:fs"
import { transformSync } from "esbuild"
import { expect, test } from "vitest"
import type * as Adapter from "../../src/hal/espruino/crypto"
import { hostCrypto } from "../../tools/mqtt/crypto"

/** The adapter with a firmware of its own: this module, and always the same time and random number, as after each boot. */
function adapterWith(module: object): typeof Adapter {
  const source = transformSync(readFileSync("src/hal/espruino/crypto.ts", "utf8"), { loader: "ts", format: "cjs" }).code
  const made = { exports: {} }
  const E = { toString: (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1"), hwRand: () => 4 }
  const getSerial = () => "a4cf12"
  new Function("require", "module", "E", "getTime", "getSerial", source)(
    () => module,
    made,
    E,
    () => 1.5,
    getSerial,
  )
  return made.exports as typeof Adapter
}

const asked: unknown[] = []
const firmware = {
  SHA256: (bytes: string) => Buffer.from(hostCrypto.sha256(bytes), "latin1"),
  PBKDF2: (password: string, salt: string, options: { iterations: number }) => {
    asked.push(options)
    return Buffer.from(hostCrypto.pbkdf2Sha256(password, salt, options.iterations), "latin1")
  },
}

test("the firmware's hashes are byte strings, and PBKDF2 is asked for 32 bytes of SHA-256", () => {
  const crypto = adapterWith(firmware).openCrypto()
  expect(crypto.sha256("abc")).toBe(hostCrypto.sha256("abc"))
  expect(crypto.pbkdf2Sha256("p", "s", 3)).toBe(hostCrypto.pbkdf2Sha256("p", "s", 3))
  expect(asked).toEqual([{ keySize: 8, iterations: 3, hasher: "SHA256" }])
})

test("random bytes do not repeat though time and the chip's random numbers do", () => {
  const crypto = adapterWith(firmware).openCrypto()
  const bytes = Array.from({ length: 100 }, () => crypto.randomBytes(18))
  expect(new Set(bytes).size).toBe(100)
  expect(bytes.map(({ length }) => length)).toEqual(Array(100).fill(18))
})

test("a firmware without TLS says so when the adapter is opened", () => {
  expect(() => adapterWith({ SHA256: firmware.SHA256 }).openCrypto()).toThrow("without TLS")
})

test("the host's are those of FIPS 180-4 and RFC 7914, clause 11", () => {
  const hex = (bytes: string) => Buffer.from(bytes, "latin1").toString("hex")
  expect(hex(hostCrypto.sha256("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  expect(hex(hostCrypto.pbkdf2Sha256("passwd", "salt", 1))).toBe(
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
  )
})
