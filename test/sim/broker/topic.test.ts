import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isTopicFilter, isTopicName, topicMatches } from "../../../sim/broker/topic"
import { COVERS } from "../../vectors/topics"

test.each(COVERS)("%s and %s: %s", (filter, topic, matches) => expect(topicMatches(filter, topic)).toBe(matches))

describe("validity", () => {
  test.each(["a", "#", "+", "a/+/b", "a/#", "/", "+/+/#", "a//b"])("%s is a filter", (filter) =>
    expect(isTopicFilter(filter)).toBe(true),
  )
  test.each(["", "a+", "a/#/b", "a#", "+a/b", "a\0b"])("%j is none", (filter) =>
    expect(isTopicFilter(filter)).toBe(false),
  )
  test.each(["", "a/+", "#", "\0"])("%j is no topic", (topic) => expect(isTopicName(topic)).toBe(false))
})

test("agrees with a regular expression made of the filter", () => {
  const level = fc.constantFrom("a", "b", "", "$x")
  const filterLevel = fc.constantFrom("a", "b", "", "+", "$x")
  fc.assert(
    fc.property(
      fc.array(level, { minLength: 1, maxLength: 4 }),
      fc.array(filterLevel, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (levels, pattern, isOpen) => {
        const topic = levels.join("/")
        const filter = [...pattern, ...(isOpen ? ["#"] : [])].join("/")
        const source =
          pattern.map((part) => (part === "+" ? "[^/]*" : part.replace("$", "\\$"))).join("/") +
          (isOpen ? "(/.*)?" : "")
        const isHidden = topic.startsWith("$") && /^[+#]/.test(filter)
        expect(topicMatches(filter, topic)).toBe(!isHidden && new RegExp(`^${source}$`).test(topic))
      },
    ),
  )
})
