import { importChains } from "./chains"
import { bytesPerDeclaration, type DeclarationSize } from "./declarations"
import type { Bundle } from "./program"

/** Bytes of each file of a bundle, as the next build compares with them. */
export type Sizes = Record<string, number>

export interface Reason {
  file: string
  bytes: number
  /** Bytes more or fewer than in the last build; undefined when there was none. */
  change?: number
  declarations: DeclarationSize[]
  /** From the program, or from the adapter to the chip, to this file. */
  chain: string[]
}

export const sizesOf = ({ modules }: Bundle): Sizes =>
  Object.fromEntries(modules.map(({ file, bytes }) => [file, bytes]))

/** Why a bundle holds what it holds: each file with its bytes, what they are, who asked for it; files that went, too. */
export async function reasonsFor(bundle: Bundle, programFile: string, root: string, last?: Sizes): Promise<Reason[]> {
  const chains = await importChains(
    programFile,
    root,
    bundle.modules.map(({ file }) => file),
  )
  const declarations = bytesPerDeclaration(bundle)
  const here = bundle.modules.map(({ file, bytes }) => ({
    file,
    bytes,
    change: last && bytes - (last[file] ?? 0),
    declarations: declarations.get(file) ?? [],
    chain: chains.get(file) ?? [],
  }))
  const gone = Object.keys(last ?? {}).filter((file) => !bundle.modules.some((module) => module.file === file))
  return [...here, ...gone.map((file) => ({ file, bytes: 0, change: -last![file]!, declarations: [], chain: [] }))]
}
