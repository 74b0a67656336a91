import { openCrypto } from "../../../src/hal/espruino/crypto"
import { scramSha256 } from "../../../src/mqtt/v5/scram"
import { handOver } from "./hand-over"

/** The exchange of RFC 7677, clause 3, with the hashes of the firmware; then nonces of its own. */
function exchange(): string[] {
  const chip = openCrypto()
  const scripted = scramSha256("user", "pencil", {
    sha256: chip.sha256,
    pbkdf2Sha256: chip.pbkdf2Sha256,
    randomBytes: () => atob("rOprNGfwEbeRWgbNEkqO"),
  })
  const free = scramSha256("user", "pencil", chip)
  return [
    scripted.firstData(),
    scripted.answerTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096") || "",
    "" + scripted.isProof("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
    "" + (scripted.answerTo("r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=4096") === undefined),
    free.firstData(),
    free.firstData(),
  ]
}

export default () => handOver("exchange", exchange)
