import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import type { SimulatedBoard } from "../../tools/console/board"
import { byTcp, openTerminal, type Terminal } from "../../tools/console/terminal"
import { ROOT } from "../../tools/root"
import { project } from "../config/support/project"
import { emptyBoard } from "../flash/board"
import { eventually } from "../vm/eventually"

const CLIMATE = {
  board: "esp32-devkitc",
  program: join(ROOT, "src/apps/climate.ts"),
  settings: { sensor: "GPIO4", interval: "2s" },
  parts: { sensor: { part: "dht22", data: "sensor" } },
}

const one = { climate: CLIMATE }
const two = { climate: CLIMATE, cellar: CLIMATE }

function house(devices: object): string {
  const config = {
    network: { ssid: "workshop", password: { env: "WIFI_PASSWORD" } },
    broker: { host: "127.0.0.1", port: 1883 },
    devices,
  }
  return project({ "flash.config.json": JSON.stringify(config) })
}

const env = { ...process.env, WIFI_PASSWORD: "correct-horse", NO_COLOR: "1" }

function start(folder: string, args: string[], more: NodeJS.ProcessEnv = {}): ChildProcess & { said: string } {
  const child = spawn(process.execPath, [join(ROOT, "tools/motewire.mjs"), ...args], {
    cwd: folder,
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const run = Object.assign(child, { said: "" })
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (run.said += text))
  return run
}

/** The exit code and all that was said, both ways. */
async function flash(folder: string, args: string[], more: NodeJS.ProcessEnv = {}) {
  const run = start(folder, ["flash", ...args], more)
  const [code] = await once(run, "close")
  return { code: code as number | null, said: run.said }
}

let board: (ChildProcess & { said: string }) | undefined
afterEach(() => void board?.kill("SIGKILL"))

/** A simulated board's console: a pseudo terminal, or a TCP port where the machine makes none. */
async function plugIn(folder: string): Promise<string> {
  const run = (board = start(folder, ["sim", "--only", "climate", "--console", "climate", "--speed", "5"]))
  const path = () => /^console: (\S+)$/m.exec(run.said)?.[1]
  await eventually(
    () => path() !== undefined,
    () => `the console's path in:\n${run.said}`,
    40_000,
  )
  return path()!
}

test(
  "flash puts a device onto a simulated board, shows its first words, and changes settings alone",
  { timeout: 90_000 },
  async () => {
    const folder = house(one)
    const port = await plugIn(folder)
    expect(await flash(folder, ["--port", port, "--settings-only"])).toEqual({
      code: 1,
      said: expect.stringMatching(/no program of motewire on the board: flash it once without --settings-only/),
    })
    expect(await flash(folder, ["--port", port, "--dry-run"])).toEqual({
      code: 0,
      said: expect.stringMatching(/would write \d+ bytes to mw\.1, settings; nothing was written/),
    })
    const first = await flash(folder, ["climate", "--port", port])
    expect(first.said).toMatch(/^climate: flashed, verified and running after [\d.]+ s\n {2}wifi: connected/m)
    expect(first.code).toBe(0)
    const again = await flash(folder, ["--port", port, "--settings-only"])
    expect(again.said).toMatch(/^climate: flashed, verified and running/m)
    expect(again.said).not.toMatch(/own \.bootcde/)
    expect(again.code).toBe(0)
    expect(`${first.said}${again.said}`).not.toContain("correct-horse")
  },
)

test("flash --all flashes every device at its own port, and one that fails keeps no other away", async () => {
  const boards = [emptyBoard(), emptyBoard()]
  const ends = await Promise.all(boards.map(onPort))
  const devices = (ports: string[]) => ({
    climate: { ...CLIMATE, port: ports[0] },
    cellar: { ...CLIMATE, port: ports[1] },
  })
  try {
    const alone = await flash(house(devices(["tcp://127.0.0.1:1", ends[1]!.path])), ["--all"])
    expect(alone.said).toMatch(
      /^motewire: climate: cannot open tcp:\/\/127\.0\.0\.1:1: .*\n[^]*^cellar: flashed, verified/m,
    )
    expect(alone.code).toBe(1)
    const both = await flash(house(devices(ends.map(({ path }) => path))), ["--all"])
    expect(both.said).toMatch(/^climate: flashed, verified[^]*^cellar: flashed, verified/m)
    expect(both.code).toBe(0)
    expect(boards.map((board) => Object.keys(board.files()).filter((name) => /^mw\.\d$/.test(name)))).toEqual([
      ["mw.1"],
      ["mw.1"],
    ])
  } finally {
    ends.forEach((end) => end.close())
    await Promise.all(boards.map((board) => board.close()))
  }
})

/** A board whose console is at a TCP port, for the time of `run`. */
async function withBoard(run: (port: string, board: SimulatedBoard) => Promise<void>): Promise<void> {
  const board = emptyBoard()
  const end = await onPort(board)
  try {
    await run(end.path, board)
  } finally {
    end.close()
    await board.close()
  }
}

/** A house whose device `valve` runs this set-up, of which the body begins in line 5; `bulb` runs another program. */
function houseOf(setUp: string): string {
  const folder = house({ valve: { board: "esp32-devkitc", program: "valve.ts" }, climate: CLIMATE })
  const head = 'import { program } from "motewire"\nlet nothing: { write: (level: number) => void } | undefined\n'
  writeFileSync(
    join(folder, "valve.ts"),
    `${head}export default program({}, ({ clock, log }) => {\n  log("ready")\n${setUp}\n})\n`,
  )
  return folder
}

test("flash tells where in the TypeScript a program failed, in its set-up and behind it", { timeout: 90_000 }, () =>
  withBoard(async (port, board) => {
    const callback = houseOf("  clock.alarm(() => {\n    nothing!.write(1)\n  }).set(1)")
    const late = await flash(callback, ["valve", "--port", port])
    expect(late.said).toMatch(
      /^valve: flashed, verified and running after [\d.]+ s, but it reported an error\n {2}ready\n/m,
    )
    expect(late.said).toMatch(/^ {2}Uncaught .*write.*\n {4}at .*valve\.ts:6:\d+.*\n[^]*nothing!\.write\(1\)/m)
    expect(late.code).toBe(0)
    const setUp = await flash(houseOf("  nothing!.write(1)"), ["valve", "--port", port])
    expect(setUp.said).toMatch(
      /: the new program did not come up: Uncaught .*write.*\. The board runs the one before it\.\n/,
    )
    expect(setUp.said).toMatch(/^ {2}at .*valve\.ts:5:\d+/m)
    expect(setUp.code).toBe(1)
    expect(board.files()["mw.1"]).toBeDefined()
  }),
)

test(
  "flash --settings-only refuses another device's program, warns of one that nobody knows, and takes an older build",
  { timeout: 90_000 },
  () =>
    withBoard(async (port) => {
      const folder = houseOf("  log(String(1))")
      expect((await flash(folder, ["valve", "--port", port])).code).toBe(0)
      const other = await flash(folder, ["climate", "--port", port, "--settings-only"])
      expect(other.said).toMatch(
        /: the board runs valve's program, and not climate's, .*Flash climate without --settings-only/,
      )
      expect(other.code).toBe(1)
      const source = readFileSync(join(folder, "valve.ts"), "utf8")
      writeFileSync(join(folder, "valve.ts"), source.replace("ready", "changed"))
      const older = await flash(folder, ["valve", "--port", port, "--settings-only"])
      expect(older.said).toMatch(/^valve: flashed, verified and running/m)
      expect(older.said).not.toMatch(/none that is known/)
      rmSync(join(folder, "dist"), { recursive: true })
      const unknown = await flash(folder, ["valve", "--port", port, "--settings-only"])
      expect(unknown.said).toMatch(/the board's program is none that is known here: an older build of valve/)
      expect(unknown.code).toBe(0)
    }),
)

test("flash --record puts the program with the recorder on a board, and says how to listen", { timeout: 60_000 }, () =>
  withBoard(async (port, board) => {
    let heard = ""
    board.line.onData((bytes) => (heard += bytes))
    const { code, said } = await flash(house(one), ["--record", "--port", port])
    expect(said).toMatch(/^climate: flashed, verified and running/m)
    expect(said).toContain(`  it records: motewire record climate --port ${port}`)
    expect(said).not.toContain("@@")
    expect(code).toBe(0)
    expect(heard).toMatch(/@@0 \d+ \tB1,/)
  }),
)

test("Ctrl-C in flash says what the board is left with", { timeout: 60_000 }, () =>
  withBoard(async (port, board) => {
    const run = start(house(one), ["flash", "--port", port])
    await eventually(
      () => /bytes of Storage free/.test(run.said),
      () => `the board in:\n${run.said}`,
      40_000,
    )
    run.kill("SIGINT")
    const [code] = await once(run, "close")
    expect(run.said).toMatch(/^motewire: stopped\. (The board runs what it ran before|The new program)/m)
    expect(code).toBe(130)
    expect(board.files()).toBeDefined()
  }),
)

/** The board's console at a TCP port, as `sim --console` has it where there is no pseudo terminal. */
async function onPort({ line }: SimulatedBoard): Promise<Terminal> {
  const terminal = await openTerminal([byTcp])
  terminal.onData((bytes) => line.write(bytes))
  line.onData((bytes) => terminal.write(bytes))
  return terminal
}

test.each<[string, object, string[], NodeJS.ProcessEnv, number, RegExp]>([
  [
    "a secret that is not set, by its name",
    one,
    [],
    { WIFI_PASSWORD: undefined },
    1,
    /: WIFI_PASSWORD is not set\..*\.env/,
  ],
  [
    "a password that WPA2 does not know, by its length",
    one,
    [],
    { WIFI_PASSWORD: "short" },
    1,
    /network\.password: WIFI_PASSWORD holds 5 characters\. A WPA2 password has 8 to 63/,
  ],
  [
    "a device that is not there",
    one,
    ["climat"],
    {},
    2,
    /no device "climat" in flash\.config\.json\. Did you mean "climate"/,
  ],
  ["a choice that is left open", two, [], {}, 2, /: which device\? Say climate or cellar, or --all/],
  ["--all beside a name", two, ["climate", "--all"], {}, 2, /--all flashes every device: leave its name out/],
  ["--all on one port", two, ["--all", "--port", "/dev/ttyUSB7"], {}, 2, /--port is one board's/],
  ["--all on ports that nobody named", two, ["--all"], {}, 2, /write "port" for climate and cellar in flash\.config/],
  ["a speed that is none", one, ["--baud", "fast"], {}, 2, /--baud fast is no speed\. .*115200/],
  ["--record of what --settings-only keeps", one, ["--record", "--settings-only"], {}, 2, /Choose one of them/],
  ["--erase of what --settings-only needs", one, ["--erase", "--settings-only"], {}, 2, /Choose one of them/],
  [
    "a port that is not there",
    one,
    ["--port", "/dev/ttyUSB7"],
    {},
    1,
    /cannot open \/dev\/ttyUSB7: there is no such port/,
  ],
])("flash refuses %s: one sentence, and the exit code", async (_, devices, args, more, code, words) => {
  const ran = await flash(house(devices), args, more)
  expect(ran.said).toMatch(words)
  expect(ran.said.trim().split("\n")).toHaveLength(1)
  expect(ran.said).not.toContain("correct-horse")
  expect(ran.code).toBe(code)
})
