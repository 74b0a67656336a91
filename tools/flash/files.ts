import { Failure } from "../failure"
import { crc32 } from "../../src/util/crc32"
import type { BoardConsole } from "./console"
import { literal } from "./literal"

/** As source text four times as long at most: a line has to fit beside the program that runs. */
const CHUNK_BYTES = 400

/** Writes a file through the console, for firmware without packets and for small files. `size` reserves more than there is yet. */
export async function writeByConsole(
  board: BoardConsole,
  name: string,
  bytes: string,
  size = bytes.length,
  onProgress: (sent: number) => void = () => {},
): Promise<void> {
  // A file of the same size is written over, which flash cannot do.
  await board.ask(`require("Storage").erase("${name}")`)
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = literal(bytes.slice(at, at + CHUNK_BYTES))
    await board.ask(`require("Storage").write("${name}",${chunk},${at},${size})`)
    onProgress(Math.min(at + CHUNK_BYTES, bytes.length))
  }
}

/** Length and CRC-32 of what stands on the chip, computed there. */
export async function isWhole(board: BoardConsole, name: string, bytes: string): Promise<boolean> {
  const [length, crc] = await board.ask<[number, number]>(
    `(function(f){return[f.length,E.CRC32(f)]})(require("Storage").read("${name}")||"")`,
    // The CRC takes 2 us a byte at most.
    5000,
  )
  return length === bytes.length && Number(crc) === crc32(bytes)
}

export async function mustBeWhole(board: BoardConsole, name: string, bytes: string): Promise<void> {
  if (await isWhole(board, name, bytes)) return
  throw new Failure(
    `${name} is not on the chip as it was sent. The old program stays; try a better cable, or --baud 57600.`,
  )
}
