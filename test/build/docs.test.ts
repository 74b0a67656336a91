import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { buildProgram, type Bundle } from "../../tools/build/program"

const ROOT = process.cwd()
const SRC = path.resolve("src")

const { config } = ts.readConfigFile(path.join(SRC, "tsconfig.json"), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, SRC)

/** What the editor would underline in each of these device files, by their names. */
function errorsIn(texts: Map<string, string>): [name: string, errors: string[]][] {
  const host = ts.createCompilerHost(options)
  const file = (name: string) => path.join(SRC, `${name}.ts`)
  const sources = new Map(
    [...texts].map(([name, text]) => [file(name), ts.createSourceFile(file(name), text, ts.ScriptTarget.ES5)]),
  )
  const program = ts.createProgram([...sources.keys(), path.join(SRC, "espruino-lib.d.ts")], options, {
    ...host,
    getSourceFile: (name, version) => sources.get(name) ?? host.getSourceFile(name, version),
  })
  return [...texts.keys()].map((name) => {
    const source = sources.get(file(name))!
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))]
  })
}

/** A row of the README's table of imports: what it says to import, and what to write then. */
interface Row {
  name: string
  imports: string[]
  as: string[]
}

function rowsOfReadme(): Row[] {
  const lines = readFileSync("README.md", "utf8").split("\n")
  const first = lines.findIndex((line) => /^\| Import +\|/.test(line)) + 2
  const rows = lines.slice(
    first,
    lines.findIndex((line, at) => at > first && !line.startsWith("|")),
  )
  return rows.map((row, at) => {
    const [, from = "", , as = ""] = row.split(" | ").length === 3 ? ["", ...row.split(" | ")] : []
    return {
      name: `row-${at}`,
      imports: [...from.matchAll(/(`\w+`(?:, `\w+`)*) from `([\w/]+)`/g)].map(
        ([, names, module]) => `import { ${names!.replaceAll("`", "")} } from "${module}"`,
      ),
      as: [...as.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
    }
  })
}

/** The program that a reader would write: keys go into the third argument, the rest into the set-up function. */
function programOf({ imports, as }: Row): string {
  const isOption = (code: string) => /^\w+(: |$)/.test(code)
  const isAbove = (code: string) => code.startsWith("const ")
  return [
    'import { program as started } from "motewire"',
    ...imports,
    "declare const packet: string, filter: string, code: number, onSlice: () => void",
    ...as.filter(isAbove),
    "export default started({}, ({ id, mqtt, clock, warn }) => {",
    "  void [id, mqtt, clock, warn]",
    ...as.filter((each) => !isOption(each) && !isAbove(each)),
    `}, { ${as.filter(isOption).join(", ")} })`,
  ].join("\n")
}

describe("the table of imports in README", () => {
  const rows = rowsOfReadme()
  const files = new Map(rows.map((row) => [row.name, programOf(row)]))

  it("has an import and its use in every row", () => {
    expect(rows.length).toBeGreaterThan(12)
    expect(rows.filter(({ imports, as }) => !imports.length || !as.length)).toEqual([])
  })

  it("has rows that the device's types accept as they stand", () => {
    expect(errorsIn(files).filter(([, errors]) => errors.length)).toEqual([])
  })

  it("would be caught with a name that is not there, or an option that is none", () => {
    const wrong = new Map([
      ["name", programOf({ name: "", imports: ['import { qos3 } from "motewire/mqtt/qos2"'], as: ["acks: qos3"] })],
      ["option", programOf({ name: "", imports: [], as: ["protocols: undefined"] })],
    ])
    expect(errorsIn(wrong).map(([, errors]) => errors.length)).toEqual([1, 1])
  })
})

describe("the programs of docs/mqtt-chip.md", () => {
  const text = readFileSync("docs/mqtt-chip.md", "utf8")
  const programs = new Map(
    [...text.matchAll(/^## (.+)\n[^#]*?^```ts\n([^]*?)^```$/gm)].map((found) => [found[1]!, found[2]!]),
  )
  const folder = mkdtempSync(path.join(tmpdir(), "motewire-docs-"))

  const built = new Map<string, Promise<Bundle>>()

  function build(title: string): Promise<Bundle> {
    const known = built.get(title)
    if (known) return known
    const file = path.join(folder, `${title.replace(/\W+/g, "-")}.ts`)
    writeFileSync(file, programs.get(title)!)
    const bundle = buildProgram(file, { root: ROOT })
    built.set(title, bundle)
    return bundle
  }

  it("are all found", () => {
    expect(programs.size).toBe(text.split("```ts\n").length - 1)
    expect(programs.size).toBe(6)
  })

  it("are accepted by the device's types", () => {
    const files = new Map([...programs].map(([title, code]) => [title.replace(/\W+/g, "-"), code]))
    expect(errorsIn(files).filter(([, errors]) => errors.length)).toEqual([])
  })

  it.each([...programs.keys()])("%s: builds", async (title) => {
    expect((await build(title)).bytes).toBeGreaterThan(5000)
  })

  it("sends no password beside the proof that it has it, where another program sends one", async () => {
    const hasLogin = ({ modules }: Bundle) => modules.some(({ file }) => file === "src/mqtt/login.ts")
    expect(hasLogin(await build("A login that does not send the password"))).toBe(false)
    expect(hasLogin(await build("MQTT 5"))).toBe(true)
  })
})

describe("the table of settings in docs/drivers.md", () => {
  const row = /^\| .+ \| `(\w+\(\))`.* \| `(".+)` \| \[([\w-]+\.ts)\]/gm
  const rows = [...readFileSync("docs/drivers.md", "utf8").matchAll(row)]
  const config = readFileSync("examples/flash.config.json", "utf8")

  it("is read whole", () => expect(rows).toHaveLength(8))

  it.each(rows.map(([, call, json, file]) => [call!, json!, file!]))("%s, %s: as in %s", (call, json, file) => {
    expect(readFileSync(`examples/${file}`, "utf8")).toContain(`: ${call}`)
    expect(config).toContain(json)
  })
})

describe("what docs/drivers.md says to write", () => {
  const text = readFileSync("docs/drivers.md", "utf8")
  const namesIn = (code = "") => [...code.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!)

  /** Where each function of a driver is. */
  const homes = new Map(
    readdirSync("src/drivers")
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const names = readFileSync(`src/drivers/${file}`, "utf8").matchAll(/^export (?:const|function) ([a-z]\w*)/gm)
        return [...names].map(([, name]) => [name!, file.replace(".ts", "")] as const)
      }),
  )
  /** What a driver hangs on, by the first table: "wire()". */
  const kinds = new Map(
    [...text.matchAll(/^\| (.+?) \| `(\w+)\(\)`/gm)].flatMap(([, drivers, kind]) =>
      namesIn(drivers).map((name) => [name, kind!] as const),
    ),
  )

  /** A program around one call of the text, such as `bme280(settings.bus, clock, 0x77)`. */
  function programAround(call: string): string {
    const name = /^\w+/.exec(call)![0]
    const driver = homes.get(name)!
    const [, setting = "bus"] = /settings\.(\w+)/.exec(call) ?? []
    const kind = kinds.get(driver) ?? "i2c"
    return [
      `import { program, ${kind} } from "motewire"`,
      `import { ${[name, ...(call.match(/\b[A-Z][A-Z\d]*_\w+/g) ?? [])].join(", ")} } from "motewire/drivers/${driver}"`,
      "declare const minOnMs: number, minOffMs: number, onClick: () => void, onDoubleClick: () => void, onHold: () => void",
      "declare const onChange: (is: boolean) => void, onSwitched: (is: boolean) => void",
      `export default program({ ${setting}: ${kind}() }, ({ settings, clock }) => {`,
      `  void [clock, ${call.replace(/(?<!\.)\bbus\b/, "settings.bus")}]`,
      "})",
    ].join("\n")
  }

  const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code!)
  const calls = [...text.matchAll(/`(\w+\((?:settings\.\w+|bus)[^`]*\))`/g)].map(([, call]) => call!)
  const imports = [...text.matchAll(/^\| ((?:`\w+`,? )+)of `(motewire\/[\w/-]+)`/gm)].map(
    ([, names, module]) => `import { ${namesIn(names).join(", ")} } from "${module}"`,
  )

  it("is found", () => {
    expect(blocks).toHaveLength(2)
    expect(calls).toHaveLength(11)
    expect(imports).toHaveLength(text.split("` of `motewire/").length - 1)
    expect(kinds.get("ds18b20")).toBe("oneWire")
  })

  it.each([
    ["programs", blocks],
    ["calls", calls.map(programAround)],
    ["imports", imports],
  ])("%s are accepted by the device's types", (what, codes) => {
    const files = new Map(codes.map((code, at) => [`drivers-${what}-${at}`, code]))
    expect(errorsIn(files).filter(([, errors]) => errors.length)).toEqual([])
  })

  it("would be caught with another driver's setting, an argument of another type, or a name that is not there", () => {
    const wrong = [
      programAround("ds18b20(settings.bus, clock, 12)").replaceAll("oneWire", "wire"),
      programAround('bme280(settings.bus, clock, "0x77")'),
      'import { grbww } from "motewire/drivers/bulb/strip"',
    ]
    const files = new Map(wrong.map((code, at) => [`drivers-wrong-${at}`, code]))
    expect(errorsIn(files).map(([, errors]) => errors.length)).toEqual([1, 1, 1])
  })
})
