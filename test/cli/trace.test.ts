import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { beforeAll, describe, expect, test } from "vitest"
import { readTrace } from "../../sim/trace/file"
import { ROOT } from "../../tools/root"
import { project } from "../config/support/project"

const SHIPPED = join(ROOT, "test/scenarios/flash.config.json")

function start(folder: string, ...args: string[]): ChildProcess {
  const env = { ...process.env, WIFI_PASSWORD: "planted-wifi-secret", NO_COLOR: "1" }
  return spawn(process.execPath, [join(ROOT, "tools/motewire.mjs"), ...args], { cwd: folder, env })
}

async function run(folder: string, ...args: string[]) {
  const child = start(folder, ...args)
  const ran = { code: null as number | null, out: "", err: "" }
  child.stdout!.setEncoding("utf8").on("data", (text) => (ran.out += text))
  child.stderr!.setEncoding("utf8").on("data", (text) => (ran.err += text))
  ;[ran.code] = await once(child, "close")
  return ran
}

/** The two shipped devices in a folder of their own. */
function house(change: (config: any) => void = () => undefined): string {
  const config = JSON.parse(readFileSync(SHIPPED, "utf8"))
  for (const device of Object.values<{ program: string }>(config.devices))
    device.program = resolve(dirname(SHIPPED), device.program)
  change(config)
  return project({ "flash.config.json": JSON.stringify(config) })
}

describe("a recorded house", () => {
  let folder: string
  const read = (file: string) => readFileSync(join(folder, file), "latin1")

  beforeAll(async () => {
    folder = house()
    const ran = await run(folder, ..."sim --speed max --for 2min --plain --log error --trace house.trace".split(" "))
    if (ran.code !== 0 || ran.err) throw new Error(`the recording ended with ${ran.code}: ${ran.err}`)
  }, 60_000)

  test("replays: one line a board, exit code 0", async () => {
    const { code, out } = await run(folder, "replay", "house.trace")
    expect(out).toMatch(
      /^climate: as recorded, \d+ inputs and \d+ outputs in 00:02:00 of house time\nbulb: as recorded, /,
    )
    expect(code).toBe(0)
  })

  test("says where its program is looked for, when it is replayed from another folder", async () => {
    const { code, err } = await run(
      join(project({ "deeper/empty": "" }), "deeper"),
      "replay",
      join(folder, "house.trace"),
    )
    expect(code).toBe(1)
    expect(err).toMatch(/^motewire: .*house\.trace: the program of climate is .*climate\.ts, which is not there/)
    expect(err).toContain("give its bundle with --bundle")
  })

  test("says where it came from and holds no secret", () => {
    const { header, isAsRecorded } = readTrace(read("house.trace"))
    expect(isAsRecorded).toBe(true)
    expect(header).toMatchObject({ origin: "simulator", seed: 1, devices: [{ name: "climate" }, { name: "bulb" }] })
    expect(header.by).toMatch(/^motewire \d/)
    expect(resolve(folder, header.devices[0]!.program!)).toBe(join(ROOT, "src/apps/climate.ts"))
    expect(read("house.trace")).not.toContain("planted")
  })

  test("shows what another bundle does differently, with time, wire and the lines around it; exit code 1", async () => {
    await run(folder, "build", "climate")
    const bundle = read("dist/climate.js")
    expect(
      await run(folder, "replay", "house.trace", "--device", "climate", "--bundle", "dist/climate.js"),
    ).toMatchObject({ code: 0 })
    writeFileSync(join(folder, "other.js"), bundle.replace("wifi: connected", "wifi: all right"))
    const { code, out } = await run(folder, "replay", "house.trace", "--device", "climate", "--bundle", "other.js")
    expect(code).toBe(1)
    expect(out).toMatch(/^climate: the bundle is [\da-f]{12}, recorded was [\da-f]{12}\n/)
    expect(out).toMatch(/climate: differs at 00:00:02\.\d{3} \(\d+ us\) on log, line \d+ of the trace\n/)
    expect(out).toMatch(
      /\n {2}expected {2}\d+us climate log info wifi: connected\n {2}got {7}\d+us climate log info wifi: all right\n/,
    )
    expect(out).toMatch(
      /\n {4}\d+us climate wifi connected [\d.]+\n {2}- \d+us climate log info wifi: connected\n {2}\+ /,
    )
  }, 60_000)

  test("is refused once it was changed, and played all the same when asked", async () => {
    writeFileSync(join(folder, "edited.trace"), read("house.trace").replace("temperatureC=", "temperatureC=1"))
    const refused = await run(folder, "replay", "edited.trace")
    expect(refused).toMatchObject({ code: 1, out: "" })
    expect(refused.err).toBe(
      "motewire: edited.trace was changed after it was recorded: the sum in its last line is another. --edited plays it all the same.\n",
    )
    expect(await run(folder, "replay", "edited.trace", "--edited")).toMatchObject({ code: 0 })
  })

  test("is exported as VCD and pcap, of one board when asked", async () => {
    const { code, out } = await run(
      folder,
      "export",
      "house.trace",
      "--vcd",
      "one.vcd",
      "--pcap",
      "one.pcap",
      "--device",
      "climate",
    )
    expect(out).toMatch(/^one\.vcd: 1 pin\none\.pcap: \d+ transfers in 1 connection\n$/)
    expect(code).toBe(0)
    expect(read("one.vcd")).toContain("$scope module climate $end\n$var wire 1 ! GPIO4 $end")
    expect(readFileSync(join(folder, "one.pcap")).readUInt32LE(0)).toBe(0xa1b2c3d4)
  })

  test.each([
    [["replay", "nowhere.trace"], 1, "cannot read the trace nowhere.trace: ENOENT"],
    [["replay", "flash.config.json"], 1, 'flash.config.json: line 1: expected "motewire trace 1", got "{'],
    [
      ["replay", "house.trace", "--device", "climat"],
      2,
      'there is no device "climat" in house.trace. Did you mean "climate"?',
    ],
    [
      ["replay", "house.trace", "--bundle", "x.js"],
      2,
      "house.trace has several boards: say with --device whose bundle this is.",
    ],
    [["replay", "house.trace", "--device", "bulb", "--bundle", "x.js"], 1, "cannot read the bundle x.js: ENOENT"],
    [["export", "house.trace"], 2, "nothing to write: say --vcd FILE, --pcap FILE or both."],
  ])("%j says what is wrong", async (args, code, message) => {
    const ran = await run(folder, ...args)
    expect(ran.err).toContain(`motewire: ${message}`)
    expect(ran.code).toBe(code)
  })
})

test("a program that crashes in its replay is told where in its TypeScript, as motewire sim tells it", async () => {
  const program = (body: string) =>
    `import { program, seconds } from "motewire"\n\nexport default program({ pause: seconds(5) }, ({ settings, every, log }) => {\n` +
    `  let passed = 0\n  every(settings.pause, () => {\n    ${body}\n  })\n})\n`
  const folder = house((config) => {
    config.devices = { clock: { board: "esp32-devkitc", program: "clock.ts" } }
  })
  writeFileSync(join(folder, "clock.ts"), program("log(`pass ${++passed}`)"))
  const sim = "sim --speed max --for 12s --plain --trace clock.trace".split(" ")
  expect(await run(folder, ...sim)).toMatchObject({ code: 0 })
  writeFileSync(
    join(folder, "clock.ts"),
    program('if (++passed > 1) throw new Error("no second pass")\n    log(`pass ${passed}`)'),
  )
  const { code, out } = await run(folder, "replay", "clock.trace")
  expect(code).toBe(1)
  expect(out).toMatch(/\n {2}expected {2}\d+us clock log info pass 2\n/)
  const [, told] = /\n {2}got {7}\d+us clock log error (.*)\n/.exec(out)!
  expect(told).toMatch(/^Uncaught Error: no second pass at .*clock\.ts:6:\d+/)
  expect(told).not.toContain("program.js")
  expect((await run(folder, ...sim)).out).toContain(told)
}, 60_000)

test("Ctrl-C leaves a whole trace", async () => {
  const folder = house()
  const child = start(folder, ..."sim --speed 100 --plain --trace cut.trace".split(" "))
  child.stdout!.resume()
  const file = join(folder, "cut.trace")
  while (!existsSync(file) || readFileSync(file, "latin1").split("\n").length < 100) await sleep(50)
  child.kill("SIGINT")
  await once(child, "close")
  expect(readTrace(readFileSync(file, "latin1"))).toMatchObject({ isAsRecorded: true, endUs: expect.any(Number) })
  expect(await run(folder, "replay", "cut.trace")).toMatchObject({ code: 0 })
}, 60_000)
