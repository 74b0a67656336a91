import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { NOT_A_FILTER, NOT_A_NAME, topicMatches } from "../../src/mqtt/topic"
import { COVERS } from "../vectors/topics"

const isTopicName = (name: string) => !NOT_A_NAME.test(name)
const isTopicFilter = (filter: string) => !NOT_A_FILTER.test(filter)

/** Clause 4.7 once more, as regular expressions: nothing in common with the code under test. */
function naiveMatch(filter: string, name: string): boolean {
  if (name.startsWith("$") && /^[+#]/.test(filter)) return false
  const pattern = filter.replace(/[$]/g, "\\$").replace(/\+/g, "[^/]*").replace(/^#$/, ".*").replace(/\/#$/, "(/.*)?")
  return new RegExp(`^${pattern}$`).test(name)
}

const naiveFilter = (filter: string): boolean =>
  filter.length > 0 && /^(#|([^+#\0/]*|\+)(\/([^+#\0/]*|\+))*(\/#)?)$/.test(filter)

describe("topic names", () => {
  test.each(["a", "/", "a/b", "a//b", "/a/", "$SYS/uptime", " ", "a b", "\xc2\xb0", "0"])(
    "%j may be published to",
    (name) => {
      expect(isTopicName(name)).toBe(true)
    },
  )

  test.each(["", "+", "#", "a+b", "a/#", "+/a", "a/+/b", "a\0", "\0"])("%j may not [3.3.2-2, 4.7.3-1, -2]", (name) => {
    expect(isTopicName(name)).toBe(false)
  })
})

describe("topic filters", () => {
  test.each(["a", "#", "+", "a/#", "+/+", "+/a/#", "/#", "/+", "a//b", "$SYS/#", "/"])("%j is one", (filter) => {
    expect(isTopicFilter(filter)).toBe(true)
  })

  test.each(["", "a#", "a/b#", "#/a", "a/#/b", "a+", "+a", "a/b+/c", "##", "++", "a\0", "+#", "a/\0/#"])(
    "%j is none [4.7.1-2, -3]",
    (filter) => {
      expect(isTopicFilter(filter)).toBe(false)
    },
  )

  test("agrees with a naive second implementation on any text of these characters", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "+", "#", "/", "$", "\0"), maxLength: 8 })
    fc.assert(
      fc.property(text, (filter) => isTopicFilter(filter) === naiveFilter(filter)),
      { numRuns: 2000 },
    )
  })
})

describe("matching", () => {
  test.each(COVERS)("%j covers %j: %j", (filter, name, covers) => {
    expect(topicMatches(filter, name)).toBe(covers)
    expect(naiveMatch(filter, name)).toBe(covers)
  })

  test("agrees with a naive second implementation on every valid pair", () => {
    const level = fc.constantFrom("", "a", "b", "ab", "$S")
    const name = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"))
    const wild = fc.oneof(level, fc.constant("+"))
    const filter = fc
      .tuple(fc.array(wild, { minLength: 0, maxLength: 4 }), fc.boolean())
      .map(([levels, hasHash]) => [...levels, ...(hasHash ? ["#"] : [])].join("/"))
    fc.assert(
      fc.property(filter.filter(naiveFilter), name.filter(isTopicName), (want, have) => {
        expect([want, have, topicMatches(want, have)]).toEqual([want, have, naiveMatch(want, have)])
      }),
      { numRuns: 5000 },
    )
  })
})
