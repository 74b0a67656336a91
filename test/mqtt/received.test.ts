import fc from "fast-check"
import { expect, test } from "vitest"
import { qos2 } from "../../src/mqtt/qos2"
import { onlineBench } from "./bench"
import { publish, pubrel } from "./reference"

/** Ids whose halves are found across two others, when they stand one behind the other; none is 0. */
const id = fc
  .tuple(fc.constantFrom(0, 1, 0x3d, 0xff), fc.constantFrom(0, 1, 0x3d, 0xff))
  .map(([high, low]) => high * 256 + low)
  .filter((number) => number > 0)

test("a QoS 2 message is handed on exactly when its id is not unfinished, whichever ids are", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), id), { maxLength: 100 }), (steps) => {
      const bench = onlineBench({ acks: qos2 })
      bench.listen("a", 2)
      const unfinished = new Set<number>()
      const expected: string[] = []
      for (const [isRelease, messageId] of steps) {
        if (isRelease) unfinished.delete(messageId)
        else if (!unfinished.has(messageId)) expected.push(`a: a=${messageId}`)
        if (!isRelease) unfinished.add(messageId)
        bench.socket.giveBytes(
          isRelease ? pubrel(messageId) : publish({ topic: "a", payload: `${messageId}`, qos: 2, messageId }),
        )
      }
      expect(bench.seen()).toEqual(expected)
    }),
  )
})
