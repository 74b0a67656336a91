import { FLAGS } from "../../tools/flags.mjs"
import { STANDARD } from "../../tools/build/gate/builtins"
import { isFunction, memberName, type Node } from "../../tools/build/gate/syntax-tree"

/** What code may not contain, by files; imports are in rules.ts. */
export interface CodeRule {
  what: string
  files: RegExp
  except?: RegExp
  /** `globals` holds the identifiers that nothing in the file declares. */
  broken(node: Node, parents: readonly Node[], globals: ReadonlySet<Node>): boolean
  because: string
}

const DEVICE = /^(src|examples)\/(?!.*\.test\.ts$)/
const ADAPTER = /^src\/hal\/espruino\//
const IN_THE_LANGUAGE = new Set([
  ...STANDARD.filter((name) => !/^(Date|eval|arguments)$/.test(name)),
  ...Object.keys(FLAGS),
])
/** Those who turn the clock or cut its turns, and the doors to networks outside of the house. */
const HOST_SIDE = /^sim\/(clock\/(pace|slice)|network\/bridge|broker\/door)\.ts$/
const HOST_TIME = /^(Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask)$/

export const CODE: readonly CodeRule[] = [
  {
    what: "chip global",
    files: DEVICE,
    except: ADAPTER,
    broken: (node, _, globals) => globals.has(node) && !IN_THE_LANGUAGE.has(node.name),
    because: "only hal/espruino names timers, dates, consoles, pins and modules; all else gets them as arguments",
  },
  {
    what: "branch on being simulated",
    files: DEVICE,
    broken: (node) => node.type === "Identifier" && /simulat|isSim(?![a-z])/i.test(node.name),
    because: "the bundle that is simulated is the bundle that ships: nothing in it asks where it runs",
  },
  {
    what: "busy wait",
    files: DEVICE,
    broken: (node) => isLoop(node) && node.test && asksTime(node.test),
    because: "a loop that waits for the clock blocks the whole chip, the network and the watchdog included",
  },
  {
    what: "module-level mutable singleton",
    files: DEVICE,
    broken: (node, parents) => isTopLevel(parents) && isMutable(node),
    because: "state that every importer shares cannot be made twice in a test or given back to memory",
  },
  {
    what: "host time",
    files: /^sim\//,
    except: HOST_SIDE,
    broken: (node, _, globals) => globals.has(node) && HOST_TIME.test(node.name),
    because: "simulated time is the house's clock alone; only who turns it (clock/pace, clock/slice) sees the host's",
  },
  {
    what: "host timers module",
    files: /^sim\//,
    except: HOST_SIDE,
    broken: (node) => node.type === "ImportDeclaration" && /^(node:)?(timers|perf_hooks)/.test(node.source.value),
    because: "simulated time is the house's clock alone; only who turns it (clock/pace, clock/slice) sees the host's",
  },
  {
    what: "host randomness",
    files: /^sim\//,
    broken: (node, _, globals) => isHostRandom(node, globals),
    because: "same seed, same trace: every random number in the house comes from its seed",
  },
]

function isLoop(node: Node): boolean {
  return /^(While|DoWhile|For)Statement$/.test(node.type)
}

function asksTime(node: Node): boolean {
  if (node.type === "CallExpression") {
    const name = node.callee.name ?? memberName(node.callee) ?? ""
    if (/^(now|nowMs|nowUs|getTime)$/.test(name)) return true
  }
  return Object.values(node)
    .flat()
    .some((child) => typeof child?.type === "string" && asksTime(child))
}

function isTopLevel(parents: readonly Node[]): boolean {
  return !parents.some((outer) => isFunction(outer) || outer.type === "ClassBody")
}

/** `let`, or a constant that holds something made to be filled. */
function isMutable(node: Node): boolean {
  if (node.type !== "VariableDeclaration") return false
  const isEmpty = (init: Node) => (init.elements ?? init.properties)?.length === 0
  return (
    node.kind !== "const" || node.declarations.some(({ init }: Node) => init.type === "NewExpression" || isEmpty(init))
  )
}

function isHostRandom(node: Node, globals: ReadonlySet<Node>): boolean {
  if (node.type === "ImportDeclaration") return /^(node:)?crypto$/.test(node.source.value)
  const isOfGlobal = node.type === "MemberExpression" && globals.has(node.object)
  return isOfGlobal && ((node.object.name === "Math" && memberName(node) === "random") || node.object.name === "crypto")
}
