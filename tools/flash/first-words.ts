import { BANNER, IDF_LOG, ROM } from "../console/of-chip"
import { readable } from "../text/terminal"

/** What the chip's ROM, the firmware's start and the prompt print around a program's words. */
const NOT_THE_PROGRAM = [ROM, IDF_LOG, BANNER, /^<mw:|^Not implemented$/]

/** The program's lines out of all that a board says when it starts. */
export function firstWords(heard: string): string[] {
  // What has no end yet may become anything.
  const text = heard
    .slice(0, heard.lastIndexOf("\n") + 1)
    .replace(/<mw:.*?:mw>/gs, "")
    .replace(/\x1b\[[\d;]*[A-Za-z]/g, "")
  return text
    .split(/[\r\n]+/)
    .map((line) =>
      readable(
        line
          .replace(/^[>:\s]+(?=\S)/, "")
          .replace(/[\x00-\x1f\x7f]/g, "")
          .trim(),
      ),
    )
    .filter((line) => line && line !== ">" && !NOT_THE_PROGRAM.some((pattern) => pattern.test(line)))
}
