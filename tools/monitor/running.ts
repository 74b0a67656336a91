import { RECORDS, STATE } from "../flash/loader"

/** What a board runs, by its own word. */
export interface Running {
  /** The file of Storage, and the CRC-32 of what stands in it. */
  file: string
  crc: number
  /** `process.env.VERSION`. */
  version: string
}

type Answer = [sequence: number, version: string, bootCrc: number, records: string[][]]

/**
 * Asks for the record that runs: its heads alone, since passwords stand behind them. Without motewire's loader the program is
 * .bootcde itself.
 */
const EXPRESSION =
  `(function(S){return[${STATE}||0,process.env.VERSION,E.CRC32(S.read(".bootcde")||""),` +
  `${JSON.stringify(RECORDS)}.map(function(n){return(S.read(n,0,99)||"").split(" ").slice(1,5)})]})(require("Storage"))`

const ANSWER = /<mw:\d+:.*:mw>/

/** Any answer to a question of motewire: nothing that a program said. */
export const isAnswer = (line: string): boolean => ANSWER.test(line)

let count = Math.floor(Math.random() * 1e6)

/**
 * The line that asks, and the reader of its answer. At the prompt it is silent (DLE turns the echo off); no Ctrl-C is sent, so
 * a program that is busy goes on, and answers when it is idle.
 */
export function question(): { line: string; answer: (line: string) => Running | undefined } {
  const id = ++count
  const mark = new RegExp(`<mw:${id}:(.*):mw>`)
  return {
    line: `\x10print("<m"+"w:${id}:"+JSON.stringify(${EXPRESSION})+":m"+"w>");\n`,
    answer: (line) => runningOf(mark.exec(line)?.[1]),
  }
}

function runningOf(json: string | undefined): Running | undefined {
  if (json === undefined) return undefined
  try {
    const [sequence, version, bootCrc, records] = JSON.parse(json) as Answer
    // Below zero until the program was read to its end.
    const record = records.find(([own]) => sequence !== 0 && Number(own) === Math.abs(sequence))
    return record ? { file: record[1]!, crc: Number(record[3]), version } : { file: ".bootcde", crc: bootCrc, version }
  } catch {
    // Spoilt on its way.
    return undefined
  }
}
