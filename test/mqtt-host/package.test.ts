import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

const ROOT = process.cwd()
/** A user's folder: the packed package, and the one package that `motewire/mqtt` needs, linked instead of downloaded. */
const USER = mkdtempSync(path.join(tmpdir(), "motewire-user-"))
const INSTALLED = path.join(USER, "node_modules/motewire")

function run(command: string, args: string[], cwd: string): string {
  // npm is a script on Windows. What fails shows its output, which is where compilers put their findings.
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe", shell: process.platform === "win32" })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`)
  }
}

/** The names that a consumer imports, and what a mistake of theirs must not compile to. */
const CONSUMER = `
import { createMqtt, hostClock, tcp, tls, webSocket } from "motewire/mqtt"
import type { Clock, Network, Socket, TlsOptions } from "motewire/mqtt"

const trust: TlsOptions = { ca: "PEM", onError: (error) => void error.message }
const networks: Network[] = [tcp, tls(), tls(trust), webSocket(), webSocket({ path: "/ws", tls: trust })]
const clock: Clock = hostClock
const socket: Socket = networks[0]!.connect({ host: "localhost", port: 1883 }, () => undefined)
const waiting: number = socket.dSnd?.length ?? 0
export const made = [typeof createMqtt, clock.nowMs() + waiting]

// @ts-expect-error: a port is a number
tcp.connect({ host: "localhost", port: "1883" }, () => undefined)
// @ts-expect-error: not an option
tls({ verify: false })
// @ts-expect-error: paths are text
webSocket({ path: 1 })
`

const TSCONFIG = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, target: "es2022", lib: ["es2022"], module: "nodenext" },
    // Nothing of Node's or of ws's types: what a user installs must stand alone.
    ...{ types: [], skipLibCheck: false },
  },
  files: ["consumer.ts"],
}

describe("the package", () => {
  beforeAll(() => {
    run("npm", ["pack", "--silent", "--pack-destination", USER], ROOT)
    const { version } = JSON.parse(readFileSync("package.json", "utf8"))
    mkdirSync(INSTALLED, { recursive: true })
    run("tar", ["-xzf", `motewire-${version}.tgz`, "--strip-components=1", "-C", INSTALLED], USER)
    symlinkSync(path.join(ROOT, "node_modules/ws"), path.join(USER, "node_modules/ws"), "junction")
    writeFileSync(path.join(USER, "package.json"), '{ "type": "module" }')
  }, 30_000)

  test("gives motewire/mqtt to plain JavaScript", () => {
    const code = 'import * as all from "motewire/mqtt"; console.log(Object.keys(all).join(" "))'
    const names = run(process.execPath, ["--input-type=module", "-e", code.replaceAll('"', "'")], USER)
      .trim()
      .split(" ")
    expect(names).toEqual(expect.arrayContaining(["createMqtt", "hostClock", "tcp", "tls", "webSocket"]))
  })

  test("gives it types that need no others", () => {
    writeFileSync(path.join(USER, "consumer.ts"), CONSUMER)
    writeFileSync(path.join(USER, "tsconfig.json"), JSON.stringify(TSCONFIG))
    expect(run(process.execPath, [path.join(ROOT, "node_modules/typescript/bin/tsc"), "-p", USER], USER)).toBe("")
  })

  test("holds what the command needs and no tests", () => {
    const files = run("tar", ["-tzf", `motewire-${JSON.parse(readFileSync("package.json", "utf8")).version}.tgz`], USER)
    expect(files).toContain("package/tools/motewire.mjs")
    expect(files).toContain("package/boards/")
    expect(files).not.toMatch(/package\/test\/|\.pem/)
  })
})
