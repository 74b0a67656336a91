import type { z } from "zod"
import { didYouMean } from "../../sim/nearest"
import { boardMeant, type Board } from "./boards"
import { listed, type Problem } from "./problem"
import { MOST_BROKERS, NOTES } from "./shape"

type Issue = z.core.$ZodIssue
type Path = PropertyKey[]

/** Turns zod's issues into what the user wrote, why it does not fit, and what fits. `raw` is the parsed file. */
export function explain(issues: Issue[], raw: unknown, boards: Board[] = []): Problem[] {
  const problems = issues.flatMap((issue) => explainOne(issue, issue.path, at(raw, issue.path), boards))
  const seen = new Set<string>()
  // A union reports one issue per branch: the first says it all.
  return problems.filter(({ key, reason }) => !seen.has(`${key} ${reason}`) && seen.add(`${key} ${reason}`))
}

function explainOne(issue: Issue, path: Path, value: unknown, boards: Board[]): Problem[] {
  if (dotted(path) === "broker" && Array.isArray(value)) return [wrongCount(value.length)]
  if (dotted(path) === "broker.0" && value === undefined) return [wrongCount(0)]
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => wrongKey([...path, key], knownKeys(path)))
  if (isSecret(path)) return [wrongSecret(path, value)]
  if (issue.code === "invalid_key") return [wrongName(path)]
  if (value === undefined) return [missing(path)]
  if (issue.code === "invalid_value" && typeof value === "string") {
    const known = issue.values.map(String)
    return [pattern(path) === "devices.*.board" ? unknownBoard(path, value, boards) : notOneOf(path, value, known)]
  }
  return [wrongValue(path, value)]
}

function wrongCount(brokers: number): Problem {
  const reason = brokers === 0 ? "holds no broker" : `holds ${brokers} brokers`
  return { key: "broker", reason, remedy: `Write 1 to ${MOST_BROKERS} of them, in order of preference.` }
}

function wrongKey(path: Path, known: string[]): Problem {
  const key = String(path[path.length - 1])
  if (/^broker\.[1-9]\d*\.(user|password)$/.test(dotted(path)))
    return { key: dotted(path), reason: "the login of the first broker serves all", remedy: "Remove it here." }
  return { key: dotted(path), reason: "this key is not known here", remedy: didYouMean(key, known) }
}

function wrongSecret(path: Path, value: unknown): Problem {
  const secretAt = path[path.length - 1] === "env" ? path.slice(0, -1) : path
  const wanted = NOTES[pattern(secretAt)].example as { env: string }
  const remedy =
    `Write "password": { "env": "${wanted.env}" } and put the line ${wanted.env}=... into .env.local ` +
    "beside this file, which git ignores, or into the environment"
  // The value is not quoted: it may be the password itself, pasted one place too far.
  const isLiteral = typeof value === "string" || typeof value === "number"
  const reason = path.length > secretAt.length ? "is not the name of an environment variable" : "names no secret"
  return {
    key: dotted(path),
    reason: isLiteral && path === secretAt ? "a secret must not stand in this file" : reason,
    remedy: `${remedy}.`,
  }
}

function wrongName(path: Path): Problem {
  const remedy =
    "Use 1 to 31 letters, digits, _ or -, starting with a letter or digit: the name becomes part of topics."
  return { key: dotted(path), reason: "is no name for a device", remedy }
}

function missing(path: Path): Problem {
  const key = String(path[path.length - 1])
  return { key: dotted(path), reason: `is missing: ${saysOf(path)}`, remedy: `Write "${key}": ${exampleOf(path)}.` }
}

function notOneOf(path: Path, value: string, names: string[]): Problem {
  const what = String(path[path.length - 1])
  const near = didYouMean(value, names)
  const remedy = near.startsWith("Did") ? `${near} Known: ${listed(names)}.` : near
  return { key: dotted(path), reason: `"${value}" is not a known ${what}`, remedy }
}

/** Boards go by many names, and PlatformIO's and Arduino's are the ones that people have in their fingers. */
function unknownBoard(path: Path, value: string, boards: Board[]): Problem {
  const { same, near } = boardMeant(boards, value)
  const known = `Known: ${listed(boards.map(({ name }) => name))}.`
  const meant = same ? `It is called "${same}" here. ` : near ? `Did you mean "${near}"? ` : ""
  return { key: dotted(path), reason: `"${value}" is not a known board`, remedy: meant + known }
}

function wrongValue(path: Path, value: unknown): Problem {
  const reason = `${inWords(value)} does not fit: this is ${saysOf(path)}`
  return { key: dotted(path), reason, remedy: `Write for example ${exampleOf(path)}.` }
}

/** "devices.*.board" for any device, "broker.host" for any broker; a name the user chose becomes "*". */
function pattern(path: Path): string {
  if (path[0] === "broker") return path.filter((part) => typeof part !== "number").join(".")
  const generic = path.map((part, i) => {
    if (path[0] !== "devices") return part
    return i === 1 || (i >= 3 && (path[2] === "parts" || path[2] === "settings")) ? "*" : part
  })
  return generic.map(String).join(".")
}

const isSecret = (path: Path) => /^(network|broker(\.0)?)\.password(\.env)?$/.test(dotted(path))
const saysOf = (path: Path) => NOTES[pattern(path)]?.says ?? "something else"
const exampleOf = (path: Path) => JSON.stringify(NOTES[pattern(path)]?.example ?? null)

function knownKeys(path: Path): string[] {
  if (isSecret(path)) return ["env"]
  const prefix = path.length > 0 ? `${pattern(path)}.` : ""
  const below = Object.keys(NOTES).filter((key) => key.startsWith(prefix) && key !== "")
  return below.map((key) => key.slice(prefix.length)).filter((key) => !key.includes("."))
}

export function inWords(value: unknown): string {
  if (value === null) return "null"
  if (Array.isArray(value)) return "a list"
  if (typeof value === "object") return "an object"
  return typeof value === "string" ? (value === "" ? "empty text" : `the text "${value}"`) : String(value)
}

const dotted = (path: Path) => path.map(String).join(".")

function at(raw: unknown, path: Path): unknown {
  let value = raw
  for (const part of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[part]
  return value
}
