import { describe, expect, it, test } from "vitest"
import { tokeniserFor } from "../../tools/build/espruino-tools"
import { pretokenise } from "../../tools/build/pretokenise"
import { isExcerpt } from "../../tools/monitor/excerpt"

const tools = tokeniserFor("2v29")
const EMPTY_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" })

/** The body of a function as a pretokenised program has it. */
const tokens = (body: string): string =>
  pretokenise({ code: `function f(){${body}}`, map: EMPTY_MAP }).code.slice("\xaaf(){".length, -1)

const LOOP = 'var r=f[u],n=r[0],e=r[1];u++,f[u]&&s.set(150),t("fault: "+n),e()'
const LONG = 'var c="0123456789",d=10,e=c+d+b.length,f="some more text behind it";return nothing(e,f)'

describe("what espruino-chip (2v29.277) shows below a frame is found in the program:", () => {
  it.each([
    ["a short line, whole", "r.body.length>0&&$()", "r.body.length>0&&$()", ".length"],
    ["a long line, from 30 bytes in front", LOOP, '...&&s.set(150),t("fault: "+n),e()', ")"],
    ["tokens, as words", tokens(LOOP), 'var r=f[u],n=r[0],e=r[1]u++,f[u]&&s.set(150),t("fault: "+n),e()', ")"],
    [
      "a line that begins behind a byte of 10, in a number",
      tokens(LONG),
      ',e=c+d+b.length,f="some more text behind it"return nothing(e,f)',
      "nothing",
    ],
    ["a line that begins behind a byte of 10, in a string", "M(\xd1\nlimit of \xd4\x05)", "limit of 5)", ")"],
  ])("%s", (_what, code, shown, token) => {
    expect(isExcerpt(shown, code, code.lastIndexOf(token), tools)).toBe(true)
  })
})

// Two bodies on two builds with the chip's settings: 2v29 (5026fda7c) and 2v29.277 (c5ff787b1).
const CUT = 'var b="some text that is longer than sixty bytes in a line",c=-100,d=-300,e=100;nope(b,c,d,e)'
const BYTES =
  'var e=["some text in front of it that is cut","\\xc2\\xb0\\xac\\xd1 and more bytes"];nope(e,-100,"\\xac\\n\\x03",300)'
describe.each([
  ["2v29, which begins three bytes later and knows no negative bytes", 0],
  ["2v29.277", 1],
])("what %s shows is found:", (_version, nth) => {
  it.each([
    ["text", CUT, ['... line",c=-100,d=-300,e=100;nope(b,c,d,e)', '...n a line",c=-100,d=-300,e=100;nope(b,c,d,e)']],
    [
      "tokens",
      tokens(CUT),
      ["... in a line,c=156,d=-300,e=100;nope(b,c,d,e)", "...,c=-100,d=-300,e=100;nope(b,c,d,e)"],
    ],
    [
      "bytes in text",
      BYTES,
      [
        '...0\\xac\\xd1 and more bytes"];nope(e,-100,"\\xac\\n\\x03",300)',
        '...\\xb0\\xac\\xd1 and more bytes"];nope(e,-100,"\\xac\\n\\x03",300)',
      ],
    ],
    [
      "bytes in tokens, escaped by a compiler with signed characters",
      tokens(BYTES),
      [
        '... cut,"\\\xf2\\\xe0\\\xdc\\\x01 and more bytes"]nope(e,156,"\\\xdc\\n\\3",300)',
        '...,"\\\xf2\\\xe0\\\xdc\\\x01 and more bytes"]nope(e,-100,"\\\xdc\\n\\3",300)',
      ],
    ],
  ])("%s", (_what, code, shown) => {
    expect(isExcerpt(shown[nth]!, code, code.lastIndexOf("nope"), tools)).toBe(true)
  })
})

test.each([
  ["another text", "r.body.length>0&&q()"],
  ["a part of it", "r.body.length>0&&"],
  ["nothing", ""],
])("%s is not found", (_, shown) => {
  expect(isExcerpt(shown, "r.body.length>0&&$()", 6, tools)).toBe(false)
})

test("a long line shows where in it the token is", () => {
  const shown = '...&&s.set(150),t("fault: "+n),e()'
  const at = LOOP.lastIndexOf(")")
  expect(isExcerpt(shown, LOOP, at - 1, tools)).toBe(false)
})

test("bytes of a string beyond ASCII are escaped by one compiler and spoilt by another", () => {
  const code = tokens('print("\\xc2\\xb0C "+t.c)')
  for (const shown of ['print("\\xC2\\xB0C "+t.c)', 'print("\\\xf2\\\xe0C "+t.c)'])
    expect(isExcerpt(shown, code, code.lastIndexOf("."), tools)).toBe(true)
  expect(isExcerpt('print("C "+t.c)', code, code.lastIndexOf("."), tools)).toBe(false)
})
