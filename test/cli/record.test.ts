import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import { afterEach, describe, expect, test } from "vitest"
import { ROOT } from "../../tools/root"
import { project } from "../config/support/project"
import { Pty, WHY_NO_PTY } from "../serial/pty"
import { eventually } from "../vm/eventually"

const DEVICES = {
  climate: {
    board: "esp32-devkitc",
    program: join(ROOT, "src/apps/climate.ts"),
    settings: { sensor: "GPIO4" },
  },
}

/** A project with one device, and the command in it. */
class Project {
  readonly folder = project({
    "flash.config.json": JSON.stringify({
      network: { ssid: "workshop", password: { env: "WIFI_PASSWORD" } },
      broker: { host: "192.168.1.10", port: 1883 },
      devices: DEVICES,
    }),
  })
  output = ""
  child!: ChildProcess

  start(...args: string[]): this {
    const env = { ...process.env, WIFI_PASSWORD: "secret-word", NO_COLOR: "1" }
    this.child = spawn(process.execPath, [join(ROOT, "tools/motewire.mjs"), ...args], { cwd: this.folder, env })
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text))
    return this
  }

  async ended(): Promise<{ code: number | null; output: string }> {
    if (this.child.exitCode === null) await once(this.child, "close")
    return { code: this.child.exitCode, output: this.output }
  }

  says(pattern: RegExp): Promise<void> {
    return eventually(
      () => pattern.test(this.output),
      () => `${pattern} in:\n${this.output}`,
      30_000,
    )
  }
}

const line = (number: number, text: string) => `@@${number} ${crc32(text) & 0xffff} ${text}\r\n`
const BOOT = line(0, "\tB1,240ac4a1-b2c3,5000\tt1000\tj")

test.each([
  [["climate", "--port", "/dev/nope"], 1, /cannot open \/dev\/nope: there is no such port/],
  [["climate"], 2, /which port is climate on\? Say --port/],
  [["kitchen", "--port", "/dev/nope"], 2, /there is no device "kitchen"/],
  [["climate", "--port", "/dev/nope", "--for", "soon"], 2, /--for soon is no time. Write it as 30s/],
  [["climate", "--port", "/dev/nope", "--baud", "fast"], 2, /--baud fast is no speed/],
])("record %s ends with %i and says why", { timeout: 60_000 }, async (args, code, words) => {
  const project = new Project().start("record", ...args)
  expect(await project.ended()).toEqual({ code, output: expect.stringMatching(words) })
  expect(existsSync(join(project.folder, "climate.trace"))).toBe(false)
})

test("build --record writes beside the bundle that a chip gets", { timeout: 60_000 }, async () => {
  const project = new Project().start("build", "--record")
  expect(await project.ended()).toEqual({ code: 0, output: expect.stringContaining("dist/climate.record.js") })
  expect(readFileSync(join(project.folder, "dist/climate.record.js"), "latin1")).toContain("@@")
  expect(existsSync(join(project.folder, "dist/climate.js"))).toBe(false)
})

describe.skipIf(WHY_NO_PTY)(`on a pseudo terminal${WHY_NO_PTY ? ` (skipped: ${WHY_NO_PTY})` : ""}, record`, () => {
  let pty: Pty

  afterEach(() => pty?.close())

  async function recording(...args: string[]): Promise<Project> {
    pty = await Pty.open()
    const project = new Project().start("record", "climate", "--port", pty.path, ...args)
    await project.says(/recording climate/)
    return project
  }
  const trace = ({ folder }: Project, name = "climate.trace") => readFileSync(join(folder, name), "utf8")

  test("tells to flash with --record when nothing comes from a recorder", { timeout: 60_000 }, async () => {
    const project = await recording()
    pty.send("mqtt: online\r\n>")
    expect(await project.ended()).toEqual({ code: 1, output: expect.stringMatching(/motewire flash DEVICE --record/) })
  })

  test(
    "asks for the reset button when the program is running already, and begins there",
    { timeout: 60_000 },
    async () => {
      const project = await recording("--out", "late.trace")
      pty.send(line(7, "\tt100"))
      await project.says(/press its reset button \(EN\)/)
      pty.send(BOOT)
      await new Promise((resolve) => setTimeout(resolve, 300))
      project.child.kill("SIGINT")
      expect(await project.ended()).toEqual({
        code: 0,
        output: expect.stringContaining("climate: 3 events in 0.4 s, late.trace"),
      })
      expect(trace(project, "late.trace")).toMatch(
        /^0us climate boot 1 power\n351000us climate timer\n.*\nend 351000us 3 events/m,
      )
    },
  )

  test("ends by itself after --for", { timeout: 60_000 }, async () => {
    const project = await recording("--for", "2s")
    pty.send(BOOT)
    expect((await project.ended()).code).toBe(0)
    expect(trace(project)).toMatch(/^end /m)
    expect(trace(project)).not.toContain("secret-word")
  })

  test(
    "ends with 1 at a lost line; the trace is whole, and a replay refuses from there",
    { timeout: 60_000 },
    async () => {
      const project = await recording()
      pty.send(BOOT + line(2, "\tt1000"))
      expect(await project.ended()).toEqual({
        code: 1,
        output: expect.stringMatching(/ends here: line 1 of the console is missing/),
      })
      expect(trace(project)).toMatch(/fault the recording broke: line 1 of the console is missing\nend /)
      project.output = ""
      const replayed = await project.start("replay", "climate.trace").ended()
      expect(replayed.code).toBe(1)
      expect(replayed.output).toMatch(/nothing can be replayed: line 1 of the console is missing/)
    },
  )

  test("says when the board is unplugged, and keeps what it had", { timeout: 60_000 }, async () => {
    const project = await recording()
    pty.send(BOOT)
    await new Promise((resolve) => setTimeout(resolve, 300))
    pty.close()
    expect(await project.ended()).toEqual({
      code: 1,
      output: expect.stringMatching(/is gone: was the board unplugged\?/),
    })
    expect(trace(project)).toMatch(/^end /m)
  })
})
