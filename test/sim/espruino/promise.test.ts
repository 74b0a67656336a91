import { expect, test } from "vitest"
import { logsOf } from "../fixture"

test("then, catch, chaining and all", async () => {
  const program = `
    Promise.resolve(1).then(function (v) { return v + 1 }).then(function (v) { print("chained", v); throw new Error("no") })
      .catch(function (e) { print("caught", e.message); return 5 }).then(function (v) { print("after", v) });
    Promise.all([1, Promise.resolve(2), new Promise(function (ok) { setTimeout(ok, 20, 3) })]).then(function (v) { print("all", v.join()) });
    new Promise(function (ok) { ok(Promise.resolve("inner")) }).then(print);
    print("first")`
  expect(await logsOf(program)).toEqual(["first", "chained 2", "inner", "caught no", "after 5", "all 1,2,3"])
})

test("an executor that throws rejects, and settling twice does nothing", async () => {
  const program = `new Promise(function () { throw new Error("early") }).catch(function (e) { print(e.message) });
    new Promise(function (ok, no) { ok("one"); ok("two"); no("three") }).then(print)`
  expect(await logsOf(program)).toEqual(["early", "one"])
})

test("an unhandled rejection is reported", async () => {
  expect(await logsOf("Promise.reject(new Error('lost'))")).toEqual([
    expect.stringMatching(/^Unhandled promise rejection: Error: lost/),
  ])
})

test("jobs run on the chip's event queue and in the same order every time", async () => {
  const program = `for (var i = 0; i < 3; i++) (function (i) { Promise.resolve(i).then(function (v) { print(v) }).then(function () { print("second", i) }) })(i)`
  const logs = await logsOf(program)
  expect(logs).toEqual(["0", "1", "2", "second 0", "second 1", "second 2"])
  expect(await logsOf(program)).toEqual(logs)
})
