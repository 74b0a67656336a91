import { expect, test } from "vitest"
import { logsOf } from "../fixture"

test("every object is an event emitter, and emit is asynchronous", async () => {
  const program = `var o = {}; o.on("x", function (a, b) { print("x", a, b, this === o) }); o.emit("x", 1, 2); print("emitted")`
  expect(await logsOf(program)).toEqual(["emitted", "x 1 2 true"])
})

test("listeners can be put first and removed; one added during an event does not hear it", async () => {
  const program = `var o = {}; function a() { print("a"); o.on("x", function () { print("late") }) } function b() { print("b") }
    o.on("x", a); o.prependListener("x", b); o.emit("x"); setTimeout(function () { o.removeListener("x", b); o.emit("y"); o.removeAllListeners("x"); o.emit("x") }, 5)`
  expect(await logsOf(program)).toEqual(["b", "a"])
})

test("a listener must be a function", async () => {
  expect(await logsOf("try { E.on('x') } catch (e) { print(e.type, e.message) }")).toEqual([
    "TypeError Second argument must be a function or a String",
  ])
})
