import { spawnSync } from "node:child_process"
import { describe, expect, test } from "vitest"
import { byPython, bySocat, byTcp, openTerminal, type Terminal } from "../../tools/console/terminal"
import { openSerial } from "../../tools/serial/port"
import { eventually } from "../vm/eventually"

const has = (command: string, argument: string) => spawnSync(command, [argument]).status === 0
const WAYS = [
  { name: "python3", way: byPython, isThere: has("python3", "--version") },
  { name: "socat", way: bySocat, isThere: has("socat", "-V") },
  { name: "tcp", way: byTcp, isThere: true },
]

async function bothWays(terminal: Terminal): Promise<string[]> {
  let there = ""
  let here = ""
  terminal.onData((bytes) => (there += bytes))
  for (const round of ["1", "2"]) {
    const line = await openSerial(terminal.path)
    line.onData((bytes) => (here += bytes))
    line.write(`\x03\x10\xff\r\n${round}`)
    await eventually(() => there.endsWith(round), `what the host sent, in ${JSON.stringify(there)}`, 5000)
    terminal.write(`\x11\x13\x80${round}`)
    await eventually(() => here.endsWith(round), `what the board sent, in ${JSON.stringify(here)}`, 5000)
    await line.close()
  }
  return [there, here]
}

describe.each(WAYS)("a terminal by $name", ({ name, way, isThere }) => {
  const why = isThere ? "" : ` (skipped: ${name} is not installed)`
  test.skipIf(!isThere)(`carries every byte both ways, and again for who comes next${why}`, async () => {
    const terminal = (await way())!
    try {
      expect(await bothWays(terminal)).toEqual(["\x03\x10\xff\r\n1\x03\x10\xff\r\n2", "\x11\x13\x801\x11\x13\x802"])
    } finally {
      terminal.close()
    }
  })
})

test("where a way is not there the next is taken", async () => {
  const terminal = await openTerminal([async () => undefined, byTcp])
  expect(terminal.path).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/)
  terminal.close()
})

test("an address that nobody listens at says so", async () => {
  await expect(openSerial("tcp://127.0.0.1:1")).rejects.toThrow(
    /cannot open tcp:\/\/127\.0\.0\.1:1: .* Does the simulator run\?/,
  )
  await expect(openSerial("tcp://nowhere")).rejects.toThrow("write tcp://HOST:PORT")
})
