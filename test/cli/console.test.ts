import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { lstatSync } from "node:fs"
import { afterEach, expect, test } from "vitest"
import { openSerial } from "../../tools/serial/port"
import { eventually } from "../vm/eventually"

let stop = () => {}
afterEach(() => stop())

test("sim --console says where the board's console is, and it answers there", { timeout: 60_000 }, async () => {
  const run = spawn(process.execPath, ["tools/motewire.mjs", "sim", "--only", "climate", "--console", "climate"])
  stop = () => run.kill("SIGKILL")
  let said = ""
  for (const stream of [run.stdout, run.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text))
  const path = () => /^console: (\S+)$/m.exec(said)?.[1]
  await eventually(
    () => path() !== undefined,
    () => `the console's path in:\n${said}`,
    40_000,
  )
  const link = ".motewire/climate.console"
  expect(said).toContain(`try: motewire flash climate --port ${link}\n`)
  const refused = spawnSync(process.execPath, ["tools/motewire.mjs", "firmware", "--erase", "--port", path()!])
  expect(refused.stderr.toString()).toContain("a simulated board has its firmware inside")
  expect(refused.status).toBe(2)
  const line = await openSerial(link)
  let heard = ""
  line.onData((bytes) => (heard += bytes))
  await eventually(
    () => heard.includes(">"),
    () => `a prompt in ${JSON.stringify(heard)}`,
    10_000,
  )
  line.write("6*7\n")
  await eventually(
    () => heard.includes("=42\r\n>"),
    () => `the answer in ${JSON.stringify(heard)}`,
    10_000,
  )
  expect(heard).toContain("6*7\r\n=42\r\n>")
  await line.close()
  run.kill("SIGTERM")
  await once(run, "exit")
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined()
})

test.each([
  [["--console", "climat"], 'no device "climat". Did you mean "climate"?'],
  [["--console", "climate", "--speed", "max"], "--console is a person at a keyboard, which --speed max cannot have"],
  [["--console", "climate", "--trace", "x"], "--console is a person at a keyboard, which --trace cannot have"],
])("sim %j is refused", (args, reason) => {
  const { status, stderr } = spawnSync(process.execPath, ["tools/motewire.mjs", "sim", ...args], { encoding: "utf8" })
  expect(stderr).toContain(reason)
  expect(status).toBe(2)
})
