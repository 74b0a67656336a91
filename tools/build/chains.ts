import { readFileSync } from "node:fs"
import path from "node:path"
import { parse, type Program } from "acorn"
import { resolveModule, stripTypes } from "./modules"

/** One module: what it takes by name, and what it passes on under a name ("*" is all that another has). */
interface Links {
  imports: { from: string; names: string[] }[]
  passes: { from: string; name: string; as: string }[]
}

/**
 * For each file of a bundle the shortest way from the program to it, by what is imported by name: a file that only
 * passes names on (src/index.ts) leads to those asked for, not to all that it knows. Files are relative to the root.
 */
export async function importChains(programFile: string, root: string, files: string[]): Promise<Map<string, string[]>> {
  const known = new Map<string, Links>()
  const inBundle = new Set(files)
  const short = (file: string) => path.relative(root, file).replaceAll(path.sep, "/")
  const program = path.resolve(root, programFile)
  const platform = path.join(root, "src/hal/espruino/platform.ts")
  const chains = new Map([program, platform].map((file) => [short(file), [short(file)]]))
  await follow([program, platform], (file) => inBundle.has(file))
  // What is left came through files of which nothing else is in the bundle.
  await follow(
    [...chains.keys()].map((file) => path.join(root, file)),
    () => true,
  )
  return chains

  async function follow(waiting: string[], isWay: (file: string) => boolean): Promise<void> {
    for (let file = waiting.shift(); file; file = waiting.shift())
      for (const target of await targets(file)) {
        if (chains.has(short(target)) || !isWay(short(target))) continue
        chains.set(short(target), [...chains.get(short(file))!, short(target)])
        waiting.push(target)
      }
  }

  async function targets(file: string): Promise<string[]> {
    const { imports } = await linksOf(file)
    return (await Promise.all(imports.flatMap(({ from, names }) => names.map((name) => homes(from, name))))).flat()
  }

  /** Where a name is made; for "*" every file that the module passes on, and itself. */
  async function homes(file: string, name: string, seen = new Set<string>()): Promise<string[]> {
    if (seen.has(file)) return []
    seen.add(file)
    const { passes } = await linksOf(file)
    const named = passes.filter(({ as }) => as === name || (name === "*" && as !== "*"))
    const ways = named.length > 0 ? named : passes.filter(({ as }) => as === "*")
    const found = await Promise.all(ways.map((way) => homes(way.from, way.as === "*" ? name : way.name, seen)))
    return named.length > 0 ? found.flat() : [file, ...found.flat()]
  }

  async function linksOf(file: string): Promise<Links> {
    if (!known.has(file)) known.set(file, await readLinks(file, root))
    return known.get(file)!
  }
}

async function readLinks(file: string, root: string): Promise<Links> {
  const { code } = await stripTypes(readFileSync(file, "utf8"), file, false)
  const links: Links = { imports: [], passes: [] }
  const resolved = (source: unknown) => resolveModule(String(source), file, root)
  for (const node of parse(code, { ecmaVersion: "latest", sourceType: "module" }).body) addLinks(node, resolved, links)
  return links
}

function addLinks(node: Program["body"][number], resolved: (source: unknown) => string | undefined, links: Links) {
  const from = "source" in node && node.source ? resolved(node.source.value) : undefined
  if (!from) return
  if (node.type === "ImportDeclaration")
    links.imports.push({
      from,
      names: node.specifiers.map((each) =>
        each.type === "ImportSpecifier"
          ? nameOf(each.imported)
          : each.type === "ImportDefaultSpecifier"
            ? "default"
            : "*",
      ),
    })
  if (node.type === "ExportAllDeclaration") links.passes.push({ from, name: "*", as: "*" })
  if (node.type === "ExportNamedDeclaration")
    for (const each of node.specifiers) links.passes.push({ from, name: nameOf(each.local), as: nameOf(each.exported) })
}

const nameOf = (node: { type: string; name?: string; value?: unknown }): string => node.name ?? String(node.value)
