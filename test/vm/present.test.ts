import { expect, it } from "vitest"
import { INTERPRETERS } from "./interpreter"
import { WHY_SKIPPED } from "./on-each"

it("says once what the tests of this folder run on, or why they are skipped", () => {
  const names = INTERPRETERS.map(({ name, file }) => (name === file ? name : `${name} (${file})`)).join(", ")
  const line = WHY_SKIPPED ? `test/vm: skipped, ${WHY_SKIPPED}` : `test/vm: on ${names}, against Mosquitto`
  console.log(line)
  expect(line).toContain(WHY_SKIPPED ?? "espruino")
})
