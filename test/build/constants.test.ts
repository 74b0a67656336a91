import { describe, expect, it } from "vitest"
import { buildFile, printedByV8 } from "./snippet"

const TYPE = "(print: (text: unknown) => void) => void"

/** A module of constants and a program whose functions use them before and after their declaration. */
const moduleWith = (constants: string, body: string) =>
  buildFile(`${constants}\nconst run: ${TYPE} = (print) => { ${body} }\nexport default run\n`)

describe("a module's constant", () => {
  it("is written where it is used, by functions that stand before it too", async () => {
    const { code } = await buildFile(
      `export default (print: any) => { print(used(1)); print(used(2)) }\nfunction used(n: number) { return n + LIMIT * 7919 }\nconst LIMIT = 64\n`,
    )
    expect(code).toMatch(/64\*7919|7919\*64|506816/)
    expect(printedByV8(code)).toEqual(["506817", "506818"])
  })

  it("keeps its key in an object's shorthand", async () => {
    const { code } = await moduleWith("const qos = 1", "print(JSON.stringify({ qos })); print(qos + 1)")
    expect(printedByV8(code)).toEqual(['{"qos":1}', "2"])
  })

  it("keeps its sign", async () => {
    const { code } = await moduleWith("const LOW = -5", "for (const x of [1, 2]) { print(x - LOW); print(LOW ** x) }")
    expect(printedByV8(code)).toEqual(["6", "-5", "7", "25"])
  })

  it("stays a name when it is long text used twice", async () => {
    const text = "a text of more than a few characters"
    const { code } = await moduleWith(
      `const TEXT = "${text}"`,
      "const on = [() => TEXT, () => TEXT + 1]; print(on[0]()); print(on[1]())",
    )
    expect(code.split(text).length - 1).toBe(1)
    expect(printedByV8(code)).toEqual([text, `${text}1`])
  })

  it("does not swallow a parameter of the same name", async () => {
    const { code } = await moduleWith(
      "const A = 1",
      "const f = [(A: number) => A * 2, () => A]; print(f[0](5)); print((f[1] as any)())",
    )
    expect(printedByV8(code)).toEqual(["10", "1"])
  })
})
