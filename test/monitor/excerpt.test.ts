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

test("firmware up to 2v29 leaves out three bytes more in front (a3897d346^, src/jslex.c, read and not run)", () => {
  expect(isExcerpt('....set(150),t("fault: "+n),e()', LOOP, LOOP.lastIndexOf(")"), tools)).toBe(true)
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
