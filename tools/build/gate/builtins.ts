import type { Rule, View } from "./rule"
import { memberName, type Node } from "./syntax-tree"

/** The standard library of the chip, as both builds of the interpreter list it (Espruino 2v29). */
export const STANDARD: readonly string[] =
  words(`Array ArrayBuffer Boolean DataView Date Error Float32Array Float64Array Function Infinity Int16Array
  Int32Array Int8Array InternalError JSON Math NaN Number Object Promise ReferenceError RegExp String SyntaxError
  TypeError Uint16Array Uint24Array Uint32Array Uint8Array Uint8ClampedArray arguments atob btoa decodeURIComponent
  encodeURIComponent eval isFinite isNaN parseFloat parseInt undefined`)

/** What the firmware adds. Only src/hal/espruino names these; test/arch sees to it. */
export const FIRMWARE: readonly string[] =
  words(`AES D\\d+ E ESP32 Graphics HIGH I2C[123]? LOW Modules OneWire Pin SPI[123]? Serial[1-6]? StorageFile
  Telnet Waveform analogRead analogWrite changeInterval clearInterval clearTimeout clearWatch console digitalPulse
  digitalRead digitalWrite dump echo getPinMode getSerial getTime global globalThis load peek(8|16|32) pinMode
  poke(8|16|32) print process quit require reset save setBusyIndicator setInterval setSleepIndicator setTime setTimeout
  setWatch shiftOut trace url`)

const KNOWN = new RegExp(`^(${[...STANDARD, ...FIRMWARE].join("|")})$`)

/** Static members of the natives that have them; a name that is missing here is missing on the chip. */
export const STATICS: Readonly<Record<string, string>> = {
  Array: "isArray",
  Date: "now parse",
  JSON: "parse stringify",
  Math: `E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil clip cos exp floor log max min pow
    randInt random round sign sin sqrt tan wrap`,
  Number: "MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY",
  Object: `assign create defineProperties defineProperty entries fromEntries getOwnPropertyDescriptor
    getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf keys prototype setPrototypeOf values`,
  Promise: "all reject resolve",
  String: "fromCharCode",
}

/** Methods of standard objects that the chip lacks and that nothing else is likely to be called. */
export const ABSENT_METHODS: readonly string[] =
  words(`at codePointAt copyWithin finally findLast findLastIndex flat flatMap isPrototypeOf
  localeCompare matchAll normalize propertyIsEnumerable reduceRight toExponential
  toLocaleString toPrecision toReversed toSorted toSpliced trimEnd trimLeft trimRight trimStart`)

/** What to write instead, where there is a usual answer. */
const INSTEAD: Readonly<Record<string, string>> = {
  Map: "Use a plain object: its keys keep their order of insertion on the chip.",
  Set: "Use a plain object whose keys are the members.",
  WeakMap: "Keep the value in a field of the object.",
  Symbol: "Use a property name that starts with an underscore.",
  BigInt: "Numbers are exact up to 2^53; split larger ones into two.",
  TextEncoder: "Strings are bytes on the chip: use charCodeAt, or a Uint8Array's `set`.",
  queueMicrotask: "Set an alarm of 0 ms on the clock.",
  RangeError: "Return a negative error constant; exceptions mean a defect.",
  "Array.from": "Build the array in a loop.",
  "Array.of": "Write a literal: [a, b].",
  "Math.trunc": "Write `x | 0` for numbers below 2^31.",
  "Math.imul": "Multiply in two halves of 16 bits.",
  "Math.hypot": "Write Math.sqrt(x * x + y * y).",
  "Math.log2": "Write Math.log(x) * Math.LOG2E.",
  "Math.log10": "Write Math.log(x) * Math.LOG10E.",
  "Number.isInteger": "Write `(x | 0) === x` for numbers below 2^31.",
  "Number.isNaN": "Use the global isNaN.",
  "Number.isFinite": "Use the global isFinite.",
  "Number.parseFloat": "Use the global parseFloat.",
  "Number.parseInt": "Use the global parseInt.",
  "Object.freeze": "Leave it out: `readonly` types say it to the compiler at no cost.",
  "Object.is": "Use ===.",
  "Object.hasOwn": "Use object.hasOwnProperty(key).",
  "String.fromCodePoint": "Use String.fromCharCode with bytes.",
  at: "Index it: a[a.length - 1].",
  flat: "Join the parts with concat.",
  flatMap: "Join the parts with concat.",
  finally: "Do it in both then and catch.",
  toLocaleString: "Use toString, or toFixed for digits.",
  toPrecision: "Use toFixed.",
  trimStart: "Use trim.",
  trimEnd: "Use trim.",
}

/** What `program` hands to the set-up function. Used without being taken, they look like globals. */
const CONTEXT = ["settings", "mqtt", "clock", "every", "log", "warn", "restart", "id"]

const ELSEWHERE = "Write it with what src/espruino-lib.d.ts declares."

export const BUILTINS: readonly Rule[] = [
  {
    what: "absent global",
    on: ["Identifier"],
    broken: (node, view) => isGlobal(node, view) && !KNOWN.test(node.name),
    reason: ({ name }) => (CONTEXT.includes(name) ? `Nothing here is called ${name}.` : `The chip has no ${name}.`),
    remedy: ({ name }) =>
      insteadOf(name) ?? ofContext(name) ?? "Take it as an argument from what has it; device code knows only src/hal.",
  },
  {
    what: "absent static",
    on: ["MemberExpression"],
    broken: (node, view) => lacksStatic(node, view),
    reason: (node) => `The chip has no ${node.object.name}.${memberName(node)}.`,
    remedy: (node) => insteadOf(`${node.object.name}.${memberName(node)}`) ?? ELSEWHERE,
  },
  {
    what: "prototype of a native",
    on: ["MemberExpression"],
    broken: (node, view) => memberName(node) === "prototype" && isGlobal(node.object, view) && !isObject(node.object),
    reason: ({ object }) => `On the chip the methods of ${object.name} cannot be reached through its prototype.`,
    remedy: "Start from a value: [].slice.call(x).",
  },
  {
    what: "absent method",
    on: ["CallExpression"],
    broken: ({ callee }, view) => isAbsentMethod(memberName(callee), view),
    place: ({ callee }) => callee.property,
    reason: ({ callee }) => `Nothing on the chip has a method ${memberName(callee)}.`,
    remedy: ({ callee }) => insteadOf(memberName(callee)!) ?? ELSEWHERE,
  },
]

/** Names come from programs, which may well write `toString` or `constructor`. */
function insteadOf(name: string): string | undefined {
  return Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined
}

export function isGlobal(node: Node, { scopes }: View): boolean {
  return scopes.globals.some((reference) => reference.node === node)
}

function ofContext(name: string): string | undefined {
  return CONTEXT.includes(name) ? `Add it to the set-up function's \`({ ${name}, ... }) =>\`.` : undefined
}

function words(text: string): string[] {
  return text.split(/\s+/)
}

function isObject(node: Node): boolean {
  return node.name === "Object"
}

function lacksStatic(node: Node, view: View): boolean {
  const name = memberName(node)
  const known = node.object.type === "Identifier" && Object.hasOwn(STATICS, node.object.name)
  if (!known || name === undefined || name === "prototype" || !isGlobal(node.object, view)) return false
  return !words(STATICS[node.object.name]).includes(name)
}

function isAbsentMethod(name: string | undefined, { ownMembers }: View): boolean {
  return name !== undefined && ABSENT_METHODS.includes(name) && !ownMembers.has(name)
}
