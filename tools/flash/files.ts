import { Failure } from "../failure"
import { crc32 } from "../../src/util/crc32"
import type { BoardConsole } from "./console"
import { literal } from "./literal"

/** As source text four times as long at most: a line has to fit beside the program that runs. */
const CHUNK_BYTES = 400
const CHUNK_TRIES = 4

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
    await writeChunk(board, name, bytes.slice(at, at + CHUNK_BYTES), at, size)
    onProgress(Math.min(at + CHUNK_BYTES, bytes.length))
  }
}

/** The chip looks at what it was told before it writes: flash takes nothing back. */
export async function writeChunk(
  board: BoardConsole,
  name: string,
  bytes: string,
  at: number,
  size: number,
): Promise<void> {
  const write = `(function(s){return E.CRC32(s)===${crc32(bytes)}?(require("Storage").write("${name}",s,${at},${size}),1):0})`
  for (let tries = 0; tries < CHUNK_TRIES; tries++) if (await board.ask(`${write}(${literal(bytes)})`, 5000)) return
  throw new Failure(
    `${name} does not reach the chip as it is sent. The old program stays; try a better cable, or --baud 57600.`,
  )
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
