import { describe, expect, test } from "vitest"
import { MAX_JSON_DEPTH } from "../../../sim/espruino/json"
import { collect, logsOf, oneBoard, valueOf } from "../fixture"

/** What the chip prints: run on the interpreter (Espruino 2v29). */
describe("JSON.stringify", () => {
  test.each([
    ["{temperature:21.4,humidity:48.2}", '{"temperature":21.4,"humidity":48.2}'],
    ["1/3", "0.33333333333"],
    ["3.14159265358979", "3.14159265358"],
    ["0.1+0.2", "0.3"],
    ["[1,-5,1e21,-0,NaN]", "[1,-5,10e+20,0,null]"],
    ["new Uint8Array([1,2])", "[1,2]"],
    ["{a:undefined,f:function(){},b:null,get c(){return 1}}", '{"b":null}'],
    ["{toJSON:function(){return 7}}", "7"],
    ["undefined", "undefined"],
    ["[undefined]", "[null]"],
  ])("%s", async (value, text) => expect(await valueOf(`"" + JSON.stringify(${value})`)).toBe(text))

  test("prints a cycle instead of throwing", async () => {
    expect(await logsOf("var a = { b: 1 }; a.c = a; print(JSON.stringify(a))")).toEqual(['{"b":1,"c": ... }'])
  })

  test("indents when asked", async () => {
    expect(await valueOf("JSON.stringify({a:[1]}, null, 2)")).toBe('{\n  "a": [\n    1\n  ]\n}')
  })
})

describe("JSON.parse", () => {
  test.each([
    ['{"a":1,"b":[true,null,"x"]}', '{"a":1,"b":[true,null,"x"]}'],
    ['{"a":1} trailing', '{"a":1}'],
    ["[1,2,]", "[1,2]"],
    ["{'a':007}", '{"a":7}'],
    ['{"a":1,"a":2}', '{"a":1}'],
    ["-1.5e2", "-150"],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])("%s", async (text, again) =>
    expect(await valueOf(`JSON.stringify(JSON.parse(${JSON.stringify(text)}))`)).toBe(again),
  )

  test('"-" is undefined', async () => expect(await valueOf("typeof JSON.parse('-')")).toBe("undefined"))

  test.each(["", "{", '{"a"', '"open', "[1 2]", "hello", '{"a":}'])("%j throws a SyntaxError", async (text) => {
    const program = `try { JSON.parse(${JSON.stringify(text)}); print("parsed") } catch (e) { print(e.type) }`
    expect(await logsOf(program)).toEqual(["SyntaxError"])
  })

  test("150 levels deep is read, and 151 crash the board, whatever is caught", async () => {
    const program = (levels: number) =>
      `var text = "[".repeat(${levels}) + "]".repeat(${levels}); setTimeout(function () {
         try { JSON.parse(text); print("parsed") } catch (e) { print("caught") } print("on") }, 100)`
    expect(await logsOf(program(MAX_JSON_DEPTH), "500ms")).toEqual(["parsed", "on"])
    const { house, board } = oneBoard(program(MAX_JSON_DEPTH + 1))
    const boots = collect(house, "boot")
    await house.advance("500ms")
    expect(board.logs.map(({ text }) => text)).toEqual(["crash: JSON.parse of more than 150 levels"])
    expect(boots.map(({ reason }) => reason)).toEqual(["power", "crash"])
    await house.advance("500ms")
    expect(board.chip.boots).toBe(3) // it starts, reads it and crashes again
  })

  test("width is no depth", async () => {
    expect(await valueOf(`JSON.parse("[" + "[],{},".repeat(500) + "]").length`)).toBe("1000")
  })

  test("a file read by readJSON crashes it as well, even when asked to keep quiet", async () => {
    const { house, board } = oneBoard(
      `var s = require("Storage"); s.write("a", "[".repeat(151)); s.readJSON("a", true)`,
    )
    await house.advance("360ms")
    expect([board.chip.boots, board.logs.length]).toEqual([2, 1])
  })

  test("gives arrays and objects of the program's realm", async () => {
    expect(await valueOf("JSON.parse('[]') instanceof Array && JSON.parse('{}') instanceof Object")).toBe("true")
  })
})

describe("numbers", () => {
  test.each([
    ["(2.7).toFixed(0)", "2"],
    ["(2.75).toFixed(1)", "2.8"],
    ["(21.449).toFixed(2)", "21.45"],
    ["(-0.05).toFixed(1)", "-0.1"],
    ["Math.round(-2.5)", "-3"],
    ["Math.round(2.5)", "3"],
    ["Math.wrap(-1, 10)", "9"],
    ["Number(' 12 ')", "NaN"],
    ["Number('12') + Number() + new Number(3) + (5 instanceof Number)", "15"],
  ])("%s is %s", async (expression, text) => expect(await valueOf(expression)).toBe(text))
})
