import { spawn, type ChildProcess } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { dirname, join, resolve } from "node:path"
import mqtt from "mqtt"
import { expect, test } from "vitest"
import type { EnergyReport } from "../../sim/energy/power"
import { listFaults } from "../../sim/faults/list"
import { ROOT } from "../../tools/root"
import { project } from "../config/support/project"

const SHIPPED = join(ROOT, "test/scenarios/flash.config.json")

/** The shipped devices, in a folder of their own; `change` spoils a copy. */
function house(change: (config: any) => void = () => {}): string {
  const config = JSON.parse(readFileSync(SHIPPED, "utf8"))
  for (const device of Object.values<any>(config.devices)) device.program = resolve(dirname(SHIPPED), device.program)
  change(config)
  return project({ "flash.config.json": JSON.stringify(config) })
}

function start(folder: string, ...args: string[]): ChildProcess {
  const env = { ...process.env, WIFI_PASSWORD: "", NO_COLOR: "1" }
  return spawn(process.execPath, [join(ROOT, "tools/motewire.mjs"), ...args], { cwd: folder, env })
}

interface Ran {
  code: number | null
  out: string
  err: string
}

async function end(child: ChildProcess): Promise<Ran> {
  const ran = { code: null as number | null, out: "", err: "" }
  child.stdout!.setEncoding("utf8").on("data", (text) => (ran.out += text))
  child.stderr!.setEncoding("utf8").on("data", (text) => (ran.err += text))
  ;[ran.code] = await once(child, "close")
  return ran
}

const run = (folder: string, ...args: string[]) => end(start(folder, ...args))

/** Resolves with the first match in what the process has written so far or will write. */
function says(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = ""
    child.stdout!.on("data", (more) => {
      text += more
      const match = wanted.exec(text)
      if (match) resolve(match)
    })
    child.on("close", () => reject(new Error(`ended without saying ${wanted}: ${text}`)))
  })
}

test("a mistake in the config: every problem on its line, exit code 1, no stack", async () => {
  const folder = house((config) => {
    config.devices.bulb.settings.red = "GPIO34"
    config.devices.climate.board = "uno"
  })
  const { code, out, err } = await run(folder, "check")
  expect([code, out]).toEqual([1, ""])
  const lines = err.trimEnd().split("\n")
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^flash\.config\.json: devices\.climate\.board: "uno" is not a known board\./)
  expect(lines[1]).toMatch(/^flash\.config\.json: devices\.bulb\.settings\.red: GPIO34 is input-only on esp32-devkitc/)
})

test("a mistake on the command line: what was meant, exit code 2", async () => {
  const [command, device] = await Promise.all([run(ROOT, "bild"), run(house(), "build", "blub")])
  expect(command.code).toBe(2)
  expect(command.err).toContain("(Did you mean build?)")
  expect(device.code).toBe(2)
  expect(device.err).toBe('motewire: there is no device "blub" in flash.config.json. Did you mean "bulb"?\n')
})

test("build writes bundle and map, and prints bytes, hash and settings; a dist in the way is told", async () => {
  const folder = house()
  const { code, out } = await run(folder, "build", "bulb")
  expect(code).toBe(0)
  const bundle = readFileSync(join(folder, "dist/bulb.js"))
  expect(out).toContain(createHash("sha256").update(bundle).digest("hex"))
  expect(out).toMatch(/^ +[\d,]+ {2}src\/mqtt\/client\.ts$/m)
  expect(out).toContain("settings  red GPIO16, green GPIO17, blue GPIO23")
  const { blocks } = JSON.parse(readFileSync(join(folder, "dist/bulb.manifest.json"), "utf8"))
  const [rest, peak] = [blocks.rest, blocks.peak].map((count: number) => count.toLocaleString("en"))
  expect(out).toContain(`memory    about ${rest} blocks at rest, ${peak} at most, of 2,500`)
  expect(JSON.parse(readFileSync(join(folder, "dist/bulb.js.map"), "utf8"))).toMatchObject({ version: 3 })
  expect(readdirSync(join(folder, "dist")).sort()).toEqual([
    "bulb.js",
    "bulb.js.map",
    "bulb.manifest.json",
    "bulb.settings.json",
    "bulb.sizes.json",
    "bulb.tokens.js",
    "bulb.tokens.js.map",
  ])

  const blocked = house()
  writeFileSync(join(blocked, "dist"), "")
  const refused = await run(blocked, "build", "bulb")
  expect(refused.code).toBe(1)
  expect(refused.err).toBe(
    "motewire: cannot write dist: a file of that name is in the way. Move it: a folder must stand there.\n",
  )
})

test("a program for which the board has no memory is refused; one that nearly fills it is told", async () => {
  const functions = (count: number) => Array.from({ length: count }, (_, n) => `() => log("${n}")`).join(", ")
  const folder = house((config) => (config.devices = { bulb: { board: "esp32-devkitc", program: "large.ts" } }))
  const withFunctions = (count: number) =>
    writeFileSync(
      join(folder, "large.ts"),
      `import { program } from "motewire"\n\nexport default program({}, ({ log }) => {\n` +
        `  const many = [${functions(count)}]\n  log(String(many.length))\n})\n`,
    )
  withFunctions(300)
  const refused = await run(folder, "build")
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(
    /devices\.bulb\.program: the program needs some \d{4} blocks of memory, and esp32-devkitc has 2500 to plan for\. .*--why/,
  )
  expect(refused.out).toMatch(/^bulb {2}large\.ts\n/)
  expect(refused.out).toMatch(/memory {4}about [\d,]+ blocks at rest, [\d,]+ at most, of 2,500/)
  expect(refused.out).not.toMatch(/dist|built|why/)
  const asked = await run(folder, "build", "--why")
  expect([asked.code, asked.err]).toEqual([1, refused.err])
  expect(asked.out).toMatch(
    /why {7}no last build to compare with\n[^]* {2}\S*large\.ts\n[^]*\n\nnothing was written\n$/,
  )
  expect(readdirSync(folder).sort()).toEqual(["flash.config.json", "large.ts"])
  withFunctions(175)
  const told = await run(folder, "build")
  expect(told.err).toBe("")
  expect(told.out).toMatch(/warning: .*devices\.bulb\.program: .*close to the 2500 of esp32-devkitc/)
})

test("a line the chip cannot run is named with its place and remedy, and nothing is written", async () => {
  const folder = house((config) => {
    delete config.devices.climate
    config.devices.bulb = { board: "esp32-devkitc", program: "set.ts" }
  })
  const text =
    'import { program } from "motewire"\n\nexport default program({}, () => {\n  const seen = new Set()\n  seen.add(1)\n})\n'
  writeFileSync(join(folder, "set.ts"), text)
  const { code, err } = await run(folder, "build")
  expect(code).toBe(1)
  expect(err).toMatch(/set\.ts:4:\d+ {2}.*Set/)
  expect(err).not.toContain("    at ")
  expect(readdirSync(folder).sort()).toEqual(["flash.config.json", "set.ts"])
})

const RUN = ["sim", "--plain", "--speed", "max", "--for", "5s"]

test("a program that throws while it starts ends with exit code 1 and its TypeScript line", async () => {
  const folder = house((config) => {
    config.devices = { bulb: { board: "esp32-devkitc", program: "throws.ts" } }
  })
  const text = 'import { program } from "motewire"\n\nexport default program({}, () => {\n  throw new Error("no")\n})\n'
  writeFileSync(join(folder, "throws.ts"), text)
  const { code, err } = await run(folder, ...RUN)
  expect(code).toBe(1)
  expect(err.trimEnd().split("\n").at(-1)).toMatch(/^motewire: bulb threw while it started: .*throws\.ts:4:\d+/)
})

test("a folder as program, and a forgotten context name, are told with what to write", async () => {
  const folder = house((config) => {
    config.devices = { bulb: { board: "esp32-devkitc", program: "." } }
  })
  expect((await run(folder, "check")).err).toBe(
    'flash.config.json: devices.bulb.program: "." is a folder. Name the program\'s file.\n',
  )
  const forgetful = house((config) => {
    config.devices = { bulb: { board: "esp32-devkitc", program: "forgets.ts" } }
  })
  writeFileSync(
    join(forgetful, "forgets.ts"),
    'import { program } from "motewire"\nexport default program({}, () => log("x"))\n',
  )
  expect((await run(forgetful, "build")).err).toContain("Add it to the set-up function's `({ log, ... }) =>`.")
})

test("--json: every line is an object, a reading among them, and the end has a summary", async () => {
  const { code, out } = await run(house(), "sim", "--json", "--speed", "max", "--for", "2min", "--battery", "1Ah")
  expect(code).toBe(0)
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ kind: "ready", devices: ["climate", "bulb"], broker: null })
  const reading = lines.find(
    (line) => line.kind === "mqtt" && line.action === "publish" && line.topic === "sensor/data",
  )
  expect(JSON.parse(reading.payload)).toEqual({ temperature: expect.any(Number), humidity: expect.any(Number) })
  expect(lines.at(-1)).toMatchObject({ kind: "summary", houseUs: 120_000_000, halts: 0 })
  const drawn = lines.at(-1).energy.map(({ device, averageMa }: EnergyReport) => [device, averageMa > 50])
  expect(drawn).toEqual([
    ["climate", true],
    ["bulb", true],
  ])
})

test("a taken port is told, the next is open to any client, and Ctrl-C ends in order", async () => {
  const blocker = createServer().listen(1883, "127.0.0.1")
  // Somebody else may have it already, which serves as well.
  await once(blocker, "listening").catch(() => undefined)
  const child = start(house(), "sim", "--plain", "--speed", "5")
  const ended = end(child)
  const [, url] = await says(child, /^broker: (mqtt:\/\/127\.0\.0\.1:18\d\d) \(1883 is taken\)$/m)
  const client = await mqtt.connectAsync(url)
  await client.subscribeAsync("sensor/data")
  const topic = await new Promise((resolve) => client.once("message", resolve))
  expect([topic, url.endsWith(":1883")]).toEqual(["sensor/data", false])
  child.kill("SIGINT")
  const { code, out } = await ended
  expect(code).toBe(0)
  expect(out.trimEnd().split("\n").at(-1)).toMatch(/^00:00:\d\d of house time in [\d.]+ s, \d+ messages?$/)
  client.end(true)
  blocker.close()
})

test("a fault is told when it begins and when it ends, and --battery what the boards drew", async () => {
  const { code, out } = await run(
    house(),
    ...["sim", "--speed", "max", "--for", "2min", "--plain", "--battery", "1Ah"],
    ...["--fault", "climate.dht22: missing @ 30s for 20s", "--fault", "broker: restart @ 1min"],
  )
  expect(code).toBe(0)
  expect(out).toMatch(/^00:00:30\.000 {2}climate {5}dht22: missing begins$/m)
  expect(out).toMatch(/^00:00:50\.000 {2}climate {5}dht22: missing ends$/m)
  expect(out).toMatch(/^00:01:00\.000 {2}house {7}broker: restart$/m)
  const table = out.trimEnd().split("\n").slice(-3)
  expect(table[0]).toMatch(/^ +average +drawn +1000 mAh last +most of it$/)
  expect(table[1]).toMatch(
    /^climate +\d\d\.\d mA +\d\.\d\d mAh +\d\d\.\d hours +cpu \d\d %, board \d\d %, radio, listening \d %$/,
  )
})

test("a fault that cannot be names what there is, and nothing runs", async () => {
  const { code, out, err } = await run(
    house(),
    "sim",
    "--speed",
    "max",
    "--for",
    "1h",
    "--fault",
    "climate.dht2: missing",
  )
  expect([code, out]).toEqual([1, ""])
  expect(err).toContain(
    'motewire: fault "climate.dht2: missing": "climate" has no part and no pin "dht2". Did you mean "dht22"?\n',
  )
})

test("a fault that would come after the end is refused before anything is built", async () => {
  const { code, err } = await run(house(), "sim", "--speed", "max", "--for", "1min", "--fault", "wifi: drop @ 2min")
  expect(code).toBe(2)
  expect(err).toContain('--fault "wifi: drop @ 2min" begins at 2min, and --for ends the run at 1min.')
})

test("--fault help lists every fault with its value, and runs nothing", async () => {
  const { code, out } = await run(house(), "sim", "--fault", "help")
  expect(code).toBe(0)
  for (const row of listFaults()) expect(out).toContain(`  ${row.written}`)
  expect(out).toContain('motewire sim --fault "target: fault [value] [@ time] [for duration] [every duration]"')
})
