/** Text as a terminal lays it out: what is safe to print, and how many columns it takes. */

/** C0, DEL and C1 move cursors and open escape sequences; bidi and invisible marks reorder or hide what follows. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Variation_Selector}|\p{Surrogate}/gu

/** Nothing in the result can act on the terminal; each character replaced stays visible. */
export function harmless(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0)!
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? "\u2421" : "\ufffd"
  })
}

const utf8 = new TextDecoder("utf-8", { fatal: true })

/** Wire bytes (characters 0 to 255) as readable, harmless text; what is no UTF-8 is shown character by character. */
export function readable(bytes: string): string {
  try {
    return harmless(utf8.decode(Buffer.from(bytes, "latin1")))
  } catch {
    return harmless(bytes)
  }
}

// Unicode 15.1 EastAsianWidth W and F, merged; emoji presentation is W.
const WIDE =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2630-\u2637\u2648-\u2653\u267f\u268a-\u268f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2fb}\u{1f004}\u{1f0cf}\u{1f18e}\u{1f191}-\u{1f19a}\u{1f200}-\u{1f265}\u{1f300}-\u{1f320}\u{1f32d}-\u{1f335}\u{1f337}-\u{1f37c}\u{1f37e}-\u{1f393}\u{1f3a0}-\u{1f3ca}\u{1f3cf}-\u{1f3d3}\u{1f3e0}-\u{1f3f0}\u{1f3f4}\u{1f3f8}-\u{1f43e}\u{1f440}\u{1f442}-\u{1f4fc}\u{1f4ff}-\u{1f53d}\u{1f54b}-\u{1f54e}\u{1f550}-\u{1f567}\u{1f57a}\u{1f595}\u{1f596}\u{1f5a4}\u{1f5fb}-\u{1f64f}\u{1f680}-\u{1f6c5}\u{1f6cc}\u{1f6d0}-\u{1f6d2}\u{1f6d5}-\u{1f6d7}\u{1f6dc}-\u{1f6df}\u{1f6eb}\u{1f6ec}\u{1f6f4}-\u{1f6fc}\u{1f7e0}-\u{1f7eb}\u{1f7f0}\u{1f90c}-\u{1f93a}\u{1f93c}-\u{1f945}\u{1f947}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]/u
const COMBINING = /\p{Mn}|\p{Me}/u
const PLAIN = /^[\u0020-\u007e]*$/

/** Columns of text without escape sequences. */
export function width(text: string): number {
  if (PLAIN.test(text)) return text.length
  let columns = 0
  for (const char of text) columns += columnsOf(char)
  return columns
}

const columnsOf = (char: string) => (COMBINING.test(char) ? 0 : WIDE.test(char) ? 2 : 1)

/** Exactly `columns` wide: cut with an ellipsis, or filled with spaces. */
export function fit(text: string, columns: number): string {
  const cut = clip(text, columns)
  return cut + " ".repeat(Math.max(0, columns - width(cut)))
}

/** At most `columns` wide. A wide character that would stand on the edge is left out. */
export function clip(text: string, columns: number): string {
  if (width(text) <= columns) return text
  if (columns <= 0) return ""
  let kept = ""
  let used = 0
  for (const char of text) {
    const next = used + columnsOf(char)
    if (next > columns - 1) break
    kept += char
    used = next
  }
  return `${kept}…`
}
