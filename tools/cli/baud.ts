import { EXIT_USAGE, Failure } from "../failure"

/** What `--baud` says, in bits a second; `usual` is for who wrote something else. */
export function speedOf(written: string, usual: number): number {
  const baud = Number(written)
  if (!(baud > 0))
    throw new Failure(`--baud ${written} is no speed. Write bits a second, such as ${usual}.`, EXIT_USAGE)
  return baud
}
