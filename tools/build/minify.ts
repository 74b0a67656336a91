import type { MinifyOptions } from "terser"
import type { Code } from "./program"

/** Espruino reserves `of` and names its pins D0, A1 ...: a bundle with more than 54 names would get to them. */
const RESERVED = ["of", ..."ABCDEFGH".split("").flatMap((port) => [..."0123456789"].map((pin) => port + pin))]

/**
 * Bytes are flash and, on the chip, characters to read again on every call. Sizes beside the choices are those of
 * the climate bundle when they were compared (8.9 kB).
 */
const options = (members: RegExp): MinifyOptions => ({
  ecma: 2015,
  toplevel: true,
  compress: {
    // One pass makes 23 bytes more, two 16; after the third one byte moves.
    passes: 3,
    // Nothing asks a function for its `length`: 10 bytes.
    keep_fargs: false,
    // `function` is written as an arrow where it has no `this` and no name: 20 bytes.
    unsafe_arrows: true,
    // Getters in device code compute, they never act: 36 bytes.
    pure_getters: true,
    // Higher levels put `var x` behind its first use, and the chip then writes the outer x. Costs 36 bytes.
    inline: 1,
    // A function used once would be written into its place of use: a closure made per call, and text to skip on every
    // pass. A QoS 1 publish with its acknowledgement took 306 block allocations instead of 258, a packet in two pieces
    // 401 instead of 342 (chip-like build). Costs 84 bytes.
    reduce_funcs: false,
  },
  mangle: {
    reserved: RESERVED,
    // Quoted names are keys of somebody else's data.
    properties: { regex: members, keep_quoted: true },
  },
  format: { ascii_only: true, comments: false },
})

/** Makes the bundle small. `members` are the property names that it may shorten. */
export async function minify({ code, map }: Code, members: RegExp): Promise<Code> {
  const { minify: terser } = await import("terser")
  const result = await terser({ "bundle.js": code }, { ...options(members), sourceMap: { content: map } })
  return { code: result.code!, map: String(result.map) }
}
