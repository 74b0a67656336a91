import { createHmac, createHash, pbkdf2Sync } from "node:crypto"
import { describe, expect, test } from "vitest"
import type { Crypto } from "../../../src/hal/crypto"
import { scramSha256 } from "../../../src/mqtt/v5/scram"
import { hostCrypto } from "../../../tools/mqtt/crypto"
import type { AuthConversation, Policy } from "../../../sim/broker/policy"
import { House } from "./house"

/** RFC 7677, clause 3: user "user", password "pencil". */
const NONCE = "rOprNGfwEbeRWgbNEkqO"
const SERVER_FIRST = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
const CLIENT_FINAL =
  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
const SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

/** Gives the nonce of the RFC, and counts how often a password is salted. */
function scripted(): Crypto & { salted: number } {
  const crypto = {
    ...hostCrypto,
    salted: 0,
    pbkdf2Sha256(password: string, salt: string, iterations: number) {
      crypto.salted++
      return hostCrypto.pbkdf2Sha256(password, salt, iterations)
    },
    randomBytes: () => atob(NONCE),
  }
  return crypto
}

const started = (crypto: Crypto = scripted()) => {
  const scram = scramSha256("user", "pencil", crypto)
  scram.firstData()
  return scram
}

describe("SCRAM-SHA-256", () => {
  test("is the exchange of RFC 7677, clause 3", () => {
    const scram = scramSha256("user", "pencil", scripted())
    expect(scram.authMethod).toBe("SCRAM-SHA-256")
    expect(scram.firstData()).toBe(`n,,n=user,r=${NONCE}`)
    expect(scram.answerTo(SERVER_FIRST)).toBe(CLIENT_FINAL)
    expect(scram.isProof(SERVER_FINAL)).toBe(true)
  })

  test("a server that does not know the password is found out", () => {
    const scram = started()
    scram.answerTo(SERVER_FIRST)
    expect(scram.isProof(SERVER_FINAL.replace("6", "7"))).toBe(false)
  })

  test("a proof is taken once, only after a challenge, and with extensions behind it", () => {
    const scram = started()
    expect([scram.isProof(""), scram.isProof(SERVER_FINAL)]).toEqual([false, false])
    scram.answerTo(SERVER_FIRST)
    expect(scram.isProof(`${SERVER_FINAL},x=more`)).toBe(true)
    expect(scram.isProof(SERVER_FINAL)).toBe(false)
  })

  test.each([
    ["with another nonce", SERVER_FIRST.replace("rOpr", "xOpr")],
    ["with nothing added to our nonce", `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
    ["with an extension that must be understood", `m=x,${SERVER_FIRST}`],
    ["with too few iterations (RFC 7677, clause 4)", SERVER_FIRST.replace("4096", "4095")],
    ["with iterations that would stop the chip", SERVER_FIRST.replace("4096", "99999999")],
    ["with no number of iterations", SERVER_FIRST.replace("4096", "x")],
    ["with an error", "e=unknown-user"],
    ["of nothing", ""],
  ])("a challenge %s is not answered", (_, challenge) => {
    const crypto = scripted()
    expect(started(crypto).answerTo(challenge)).toBeUndefined()
    expect(crypto.salted).toBe(0)
  })

  test("a second challenge is not answered", () => {
    const scram = started()
    scram.answerTo(SERVER_FIRST)
    expect(scram.answerTo(SERVER_FIRST)).toBeUndefined()
  })

  test("a proof for an exchange that was given up is none for the next", () => {
    const scram = started()
    scram.answerTo(SERVER_FIRST)
    scram.firstData()
    expect(scram.isProof(SERVER_FINAL)).toBe(false)
  })

  test("the same salt is not worked through twice, another is", () => {
    const crypto = scripted()
    const scram = scramSha256("user", "pencil", crypto)
    for (const salt of ["W22ZaJ0SNY7soEsUEjb6gQ==", "W22ZaJ0SNY7soEsUEjb6gQ==", "AAAA"]) {
      scram.firstData()
      scram.answerTo(SERVER_FIRST.replace("W22ZaJ0SNY7soEsUEjb6gQ==", salt))
    }
    expect(crypto.salted).toBe(2)
  })

  test("a comma and an equals sign in the user's name are escaped (RFC 5802, clause 5.1)", () => {
    expect(scramSha256("a=b,c=,", "p", scripted()).firstData()).toContain("n,,n=a=3Db=2Cc=3D=2C,r=")
  })

  test("each exchange has a nonce of its own, printable and without a comma", () => {
    const scram = scramSha256("u", "p", hostCrypto)
    const nonces = Array.from({ length: 50 }, () => scram.firstData().split("r=")[1]!)
    expect(new Set(nonces).size).toBe(50)
    for (const nonce of nonces) expect(nonce).toMatch(/^[!-+\--~]{24}$/)
  })
})

/** A server of SCRAM-SHA-256 by the book, with Node's own HMAC. `known` are the passwords. */
function scramServer(known: Record<string, string>, lies = false): Policy {
  const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest()
  const conversation = (): AuthConversation => {
    let first: string
    let challenge: string | undefined
    let salted: Buffer
    return (data) => {
      if (challenge === undefined) {
        first = data.slice(3)
        const [, user, nonce] = /^n,,n=(.*),r=(.*)$/.exec(data)!
        salted = pbkdf2Sync(known[user!] ?? "", "salt", 4096, 32, "sha256")
        challenge = `r=${nonce}server,s=${btoa("salt")},i=4096`
        return { say: "continue", data: challenge }
      }
      const [last, proof] = data.split(",p=") as [string, string]
      const text = `${first},${challenge},${last}`
      const clientKey = hmac(salted, "Client Key")
      const signature = hmac(createHash("sha256").update(clientKey).digest(), text)
      const expected = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at]!)).toString("base64")
      if (proof !== expected) return { say: "refuse", code: 0x87, reason: "wrong password" }
      const serverKey = hmac(salted, lies ? "No Key" : "Server Key")
      return { say: "success", data: `v=${hmac(serverKey, text).toString("base64")}` }
    }
  }
  return { authenticate: ({ method }) => (method === "SCRAM-SHA-256" ? conversation() : undefined) }
}

describe("against a broker that asks for SCRAM-SHA-256", () => {
  const dialled = (password: string, policy: Policy) => {
    const house = new House({ policy })
    const authenticator = scramSha256("me", password, hostCrypto)
    return { house, device: house.device({ options5: { authenticator } }).dial() }
  }

  test("who knows the password comes in, again after a lost link, and can prove it again on the way", () => {
    const { device } = dialled("secret", scramServer({ me: "secret" }))
    expect(device.seen()).toEqual(["up"])
    device.vanish().dial()
    expect(device.seen()).toEqual(["down 6", "up"])
    device.five.reauthenticate()
    expect(device.seen()).toEqual([])
    expect(device.heard("auth").map(({ reasonCode }) => reasonCode)).toEqual([0x18, 0x18, 0x18, 0])
    expect(device.mqtt.isOnline()).toBe(true)
  })

  test("who does not know it stays out, and nothing on the line tells the password", () => {
    const { device } = dialled("guess", scramServer({ me: "secret" }))
    expect(device.seen()).toEqual(["down 135"])
    expect(device.five.reasonString).toBe("wrong password")
    expect(JSON.stringify([device.said("connect"), device.said("auth")])).not.toContain("guess")
  })

  test("a broker that does not know it either is no broker for us", () => {
    const { device } = dialled("secret", scramServer({ me: "secret" }, true))
    expect(device.seen()).toEqual(["down 140"])
    expect(device.mqtt.isOnline()).toBe(false)
  })

  test("a password that changed is noticed when we prove ourselves again", () => {
    const known = { me: "secret" }
    const { device } = dialled("secret", scramServer(known))
    device.seen()
    known.me = "changed"
    device.five.reauthenticate()
    expect(device.seen()).toEqual(["down 135"])
  })

  test("a broker without the method refuses with 0x8C", () => {
    expect(dialled("secret", { authenticate: () => undefined }).device.seen()).toEqual(["down 140"])
  })
})
