import { describe, expect, it } from "vitest"
import { findForeign, RULES } from "../../../tools/build/gate/gate"
import { BuildError, type Problem } from "../../../tools/build/program"
import { buildFile } from "../snippet"
import { ALLOWED, LEFT_OVER, REFUSED } from "./refused"

const inProgram = (body: string) => `export default (print: (text: unknown) => void) => {\n${body}\n}\n`

async function problemsIn(body: string): Promise<Problem[]> {
  try {
    await buildFile(inProgram(body))
    return []
  } catch (error) {
    if (error instanceof BuildError) return error.problems
    throw error
  }
}

/** A rule's reason as a pattern: reasons that quote the code are functions, and match by what surrounds the quote. */
function reasonOf(what: string): (reason: string) => boolean {
  const rule = RULES.find((one) => one.what === what)!
  return (reason) => typeof rule.reason !== "string" || reason === rule.reason
}

describe("the gate refuses, with line and column,", () => {
  it.each(REFUSED)("%s: %s", async (what, body, at) => {
    const problems = await problemsIn(body)
    const told = problems.filter(({ reason }) => reasonOf(what)(reason)).map(({ line, column }) => `${line}:${column}`)
    expect(told, JSON.stringify(problems)).toContain(at)
    expect(problems.every(({ remedy }) => remedy.length > 8)).toBe(true)
  })
})

describe("the gate lets pass", () => {
  it.each(ALLOWED)("%s", async (_, body) => {
    expect(await problemsIn(body)).toEqual([])
  })
})

describe("the gate finds in a finished bundle", () => {
  it.each(LEFT_OVER)("%s: %s", (what, code) => {
    expect(findForeign(code, "bundle").map(({ rule }) => rule.what)).toContain(what)
  })
})

describe("the gate's rules", () => {
  it("are each broken by an example above", () => {
    const shown = new Set([...REFUSED, ...LEFT_OVER].map(([what]) => what))
    expect(RULES.map(({ what }) => what).filter((what) => !shown.has(what))).toEqual([])
  })

  it("have names of their own", () => {
    expect(new Set(RULES.map(({ what }) => what)).size).toBe(RULES.length)
  })
})

describe("a refused build", () => {
  it("tells file, line, column, reason and remedy in one printable message", async () => {
    const error = await buildFile(inProgram("print(new Map())")).catch((caught) => caught)
    expect(error).toBeInstanceOf(BuildError)
    expect(error.message).toMatch(/^snippet-\d+\.ts:2:11 {2}The chip has no Map\.\n {4}Use a plain object/)
  })

  it.each(["toString", "valueOf", "constructor", "hasOwnProperty", "toLocaleString"])(
    "gives words as the remedy for the name %s, which every object has",
    async (name) => {
      const source = `declare const ${name}: any\nprint(${name}, Math.${name}, new Date().toLocaleString())`
      const remedies = (await problemsIn(source)).map(({ remedy }) => remedy)
      expect(remedies).toHaveLength(3)
      for (const remedy of remedies) expect(remedy).toMatch(/^(Take|Use|Write) [^{}]*\.$/)
    },
  )

  it.each([
    ["setInterval(print, 9)", "setInterval", /clock\.alarm.*every\(ms, run\)/],
    ["console.log(1)", "console", /log\(text\)/],
    ["print(process)", "process", /setting/],
    ["digitalWrite(D2, 1)", "digitalWrite", /output\(\)/],
    ["print(I2C1)", "I2C1", /i2c\(\)/],
    ["print(Graphics)", "Graphics", /^Import what motewire has/],
  ])("says what motewire has in place of %s", async (body, name, remedy) => {
    const [problem] = await problemsIn(body)
    expect(problem.reason).toBe(`${name} is the firmware's own: only src/hal/espruino uses it.`)
    expect(problem.remedy).toMatch(remedy)
  })

  it("lists every problem once, in reading order", async () => {
    const problems = await problemsIn("print(new Set())\nprint(new Map(), new Map())\nprint(1n)")
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 11],
      [3, 11],
      [3, 22],
      [4, 7],
    ])
  })

  it("counts columns as they were typed, before text outside ASCII was escaped", async () => {
    expect(await problemsIn("print('°€', new Map())")).toMatchObject([{ line: 2, column: 17 }])
  })
})
