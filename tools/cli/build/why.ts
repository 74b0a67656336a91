import type { Colors } from "picocolors/types"
import type { Reason } from "../../build/why"
import { grouped } from "./table"

/** Smaller ones are told as one sum: a line each would hide the large ones. */
const SHOWN_FROM_BYTES = 40

/** What `motewire build --why` says about one device, behind its table. */
export function whyLines(reasons: Reason[], colors: Colors): string[] {
  const total = reasons.reduce((sum, { change }) => sum + (change ?? 0), 0)
  const compared = reasons.some(({ change }) => change !== undefined)
  const last = compared ? `${signed(total) || "no byte"} since the last build` : "no last build to compare with"
  return [`  why       ${last}`, ...reasons.flatMap((reason) => reasonLines(reason, colors))]
}

function reasonLines({ file, bytes, change, declarations, chain }: Reason, colors: Colors): string[] {
  const difference = change ? `  ${change > 0 ? colors.yellow(signed(change)) : colors.green(signed(change))}` : ""
  const large = declarations.filter((each) => each.bytes >= SHOWN_FROM_BYTES)
  const small = declarations.filter((each) => each.bytes < SHOWN_FROM_BYTES)
  const rest = small.reduce((sum, each) => sum + each.bytes, 0)
  return [
    `  ${column(bytes, 6)}  ${colors.bold(file)}${difference}`,
    ...(chain.length > 1 ? [colors.dim(`          ${chain.join(" → ")}`)] : []),
    ...large.map((each) => `  ${column(each.bytes, 14)}  ${each.name}`),
    ...(rest > 0 ? [`  ${column(rest, 14)}  ${small.map(({ name }) => name).join(", ")}`] : []),
  ]
}

const column = (bytes: number, width: number) => grouped(bytes).padStart(width)

/** "+12", "-8", "" for none. */
const signed = (bytes: number) => (bytes > 0 ? `+${grouped(bytes)}` : bytes < 0 ? `-${grouped(-bytes)}` : "")
