/**
 * What is sent to a fresh console, and what it answers to it: [sent, answered], in one life. Judged by the interpreter itself
 * (test/vm/console.test.ts), which for Linux ends at a byte of 4 and takes one of 3 for Ctrl-C wherever it stands: lengths avoid them.
 */
export type Exchange = readonly [sent: string, answered: string]

const ERROR_AT = "    at @\r\n\r\n^\r\n"
const BANNER =
  "\r\n ____                 _ \r\n|  __|___ ___ ___ _ _|_|___ ___ \r\n|  __|_ -| . |  _| | | |   | . |\r\n|____|___|  _|_| |___|_|_|_|___|\r\n" +
  "         |_| espruino.com\r\n VERSION (c) 2026 G.Williams\r\n\r\nEspruino is Open Source. Our work is supported\r\n" +
  "only by sales of official boards and donations:\r\nhttp://espruino.com/Donate\r\n\r\n"

const packet = (type: number, data: string) =>
  `\x10\x01${String.fromCharCode(type | (data.length >> 8), data.length & 255)}${data}`
const evaluate = (code: string) => packet(0x20, code)
const fileSend = (json: string) => packet(0x60, json)
const data = (bytes: string) => packet(0x80, bytes)
const fileReceive = (json: string) => packet(0xa0, json)
const event = (json: string) => packet(0x40, json)
const response = (text: string) => packet(0x00, text)

export const CONVERSATIONS: Record<string, Exchange[]> = {
  "a line is echoed, run and answered": [
    ["1+2\n", "1+2\r\n=3\r\n>"],
    ["  4\r\n", "  4\r\n=4\r\n>"],
    ["\n", "\r\n>"],
    ["//nothing\n", "//nothing\r\n=undefined\r\n>"],
    ['print("hi")\n', 'print("hi")\r\nhi\r\n=undefined\r\n>'],
    ["a=1;b=2\n", "a=1;b=2\r\n=2\r\n>"],
    ["a+b\n", "a+b\r\n=3\r\n>"],
  ],
  "a declaration has a value, a statement has none, and let may be said twice": [
    ["var x=5\n", "var x=5\r\n=5\r\n>"],
    ["let z=3\n", "let z=3\r\n=3\r\n>"],
    ["let z=4\n", "let z=4\r\n=4\r\n>"],
    ["if(1){2}\n", "if(1){2}\r\n=undefined\r\n>"],
    ["for(var i=0;i<2;i++)i\n", "for(var i=0;i<2;i++)i\r\n=undefined\r\n>"],
    ["function f(a,b){return a}\n", "function f(a,b){return a}\r\n=function (a,b) { ... }\r\n>"],
    ["class A{constructor(){this.a=1;}}\n", "class A{constructor(){this.a=1;}}\r\n=function () { ... }\r\n>"],
    ["new A()\n", "new A()\r\n=A: { a: 1 }\r\n>"],
    ["f(7)\n", "f(7)\r\n=7\r\n>"],
  ],
  "values are laid out as the chip does it": [
    ["({})\n", "({})\r\n={  }\r\n>"],
    ["[]\n", "[]\r\n=[  ]\r\n>"],
    ["[1,{a:2}]\n", "[1,{a:2}]\r\n=[ 1, \r\n  { a: 2 }\r\n ]\r\n>"],
    ["[[1,2],[3]]\n", "[[1,2],[3]]\r\n=[ \r\n  [ 1, 2 ], \r\n  [ 3 ]\r\n ]\r\n>"],
    ['({"a-b":1,k:"x"})\n', '({"a-b":1,k:"x"})\r\n={ "a-b": 1, \r\n  k: "x"\r\n }\r\n>'],
    [
      "({a:1,b:2,c:3,d:4,e:5,f:6,g:7})\n",
      "({a:1,b:2,c:3,d:4,e:5,f:6,g:7})\r\n={ a: 1, b: 2, c: 3, d: 4, \r\n  e: 5, f: 6, g: 7 }\r\n>",
    ],
    [
      "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]\n",
      "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]\r\n=[ 1, 2, 3, 4, 5,  ... 13, 14, 15, 16, 17 ]\r\n>",
    ],
    ['"x".repeat(61)\n', `"x".repeat(61)\r\n="${"x".repeat(27)}" ... "${"x".repeat(27)}"\r\n>`],
    ["new Uint8Array([1,2])\n", "new Uint8Array([1,2])\r\n=new Uint8Array([1, 2])\r\n>"],
    ["new Uint8Array(4)\n", "new Uint8Array(4)\r\n=new Uint8Array(4)\r\n>"],
    ['"a\\nb"\n', '"a\\nb"\r\n="a\\nb"\r\n>'],
    [
      'print({a:1},[1,2],"s",null,1.5)\n',
      'print({a:1},[1,2],"s",null,1.5)\r\n{ "a": 1 } [ 1, 2 ] s null 1.5\r\n=undefined\r\n>',
    ],
    ['new Error("e")\n', 'new Error("e")\r\n=Error: Error: e\r\n>'],
    ["print\n", "print\r\n=function () { [native code] }\r\n>"],
    ['E.toJS({a:[1,"x"],b:undefined})\n', 'E.toJS({a:[1,"x"],b:undefined})\r\n="{a:[1,\\"x\\"]}"\r\n>'],
  ],
  "DLE at the beginning of a line silences it, and errors and prints are shown all the same": [
    ["\x101+2\n", ""],
    ['\x10print("hi")\n', "hi\r\n>"],
    ["\x10nothing\n", `Uncaught ReferenceError: "nothing" is not defined\r\n${ERROR_AT}>`],
    ["1\n", "1\r\n=1\r\n>"],
  ],
  "echo(0) silences all, echo(1) speaks again": [
    ["echo(0)\n", "echo(0)\r\n"],
    ["1+1\n", ""],
    ["print(2)\n", "2\r\n"],
    ["echo(1)\n", "=undefined\r\n>"],
  ],
  "a line goes on while a bracket, a template or a comment is open, and behind ESC LF": [
    ["function f(a){\n", "function f(a){\r\n:"],
    ["return a+1}\n", "return a+1}\r\n=function (a) { ... }\r\n>"],
    ["1+\x1b\n", "1+\r\n:"],
    ["2\n", "2\r\n=3\r\n>"],
    ["`abc\n", "`abc\r\n:"],
    ["d`\n", 'd`\r\n="abc\\nd"\r\n>'],
    ["/* a\n", "/* a\r\n:"],
    ["b */ 1\n", "b */ 1\r\n=1\r\n>"],
    ["/[(]/.test('(')\n", "/[(]/.test('(')\r\n=true\r\n>"],
  ],
  "keys edit the line and bring old ones back": [
    ["12\x08\x083\n", "12\b \b\b \b3\r\n=3\r\n>"],
    ["12\x1b[D3\x1b[F\n", "12\x1b[D32 \b\b\b32\r\n=132\r\n>"],
    ["\x1b[A", "\x1b[J12".replace("12", "132")],
    ["\n", "\r\n=132\r\n>"],
    ["7\x1b[H8\x1b[4~9\n", "7\b87 \b\b\b879\r\n=879\r\n>".replace("87 \b\b\b8", "87 \b\b\b8")],
  ],
  "Ctrl-C clears what was typed": [
    ["abc", "abc"],
    ["\x03", "\x1b[D\x1b[D\x1b[D\r\x1b[J>"],
    ["2\n", "2\r\n=2\r\n>"],
  ],
  "ENQ on an empty line asks who is there": [
    ["\x05", "Espruino VERSION BOARD\r\n"],
    ["x\x05\x7f", "x\b \b"],
  ],
  "what a timer prints is put before the line that is being typed": [
    ["setTimeout(function(){print('tick')},400);ab", "setTimeout(function(){print('tick')},400);ab"],
    ["\x08\x08\n", "\b \b\b \b\r\n=1\r\n>"],
    ["abc", "abc\x1b[D\x1b[D\x1b[D\r\x1b[Jtick\r\n>abc"],
  ],
  errors: [
    ['throw new Error("boom")\n', `throw new Error("boom")\r\nUncaught Error: boom\r\n${ERROR_AT}>`],
    ['throw "text"\n', 'throw "text"\r\nUncaught text\r\n>'],
    ["null.x\n", `null.x\r\nUncaught Error: Can't read property 'x' of null\r\n${ERROR_AT}>`],
    ['require("nope")\n', `require("nope")\r\nUncaught Error: Module "nope" not found\r\n${ERROR_AT}>`],
    [
      "function g(){throw new Error(1)}\x1b\nfunction h(){g()}\n",
      "function g(){throw new Error(1)}\r\n:function h(){g()}\r\n=function () { ... }\r\n>",
    ],
    ["h()\n", `h()\r\nUncaught Error: 1\r\n${ERROR_AT.repeat(3)}>`],
  ],
  "Storage and its sums": [
    ['S=require("Storage");S.write("a","hello")\n', 'S=require("Storage");S.write("a","hello")\r\n=true\r\n>'],
    ['S.read("a")\n', 'S.read("a")\r\n="hello"\r\n>'],
    ["S.list()\n", 'S.list()\r\n=[ \r\n  "a"\r\n ]\r\n>'],
    ['E.CRC32(S.read("a"))\n', 'E.CRC32(S.read("a"))\r\n=907060870\r\n>'],
    ['S.erase("a")\n', 'S.erase("a")\r\n=undefined\r\n>'],
    ['S.read("a")\n', 'S.read("a")\r\n=undefined\r\n>'],
    ['S.write("b","")\n', `S.write("b","")\r\nUncaught Error: Can't create zero length file\r\n${ERROR_AT}>`],
  ],
  "load() runs the boot code without a word, reset() leaves it alone and greets, load(file) runs a file behind the greeting":
    [
      ['\x10require("Storage").write(".bootcde","print(\'booted\')")\n', ""],
      ["load()\n", "load()\r\n=undefined\r\nbooted\r\n>"],
      ["reset()\n", `reset()\r\n=undefined\r\n${BANNER}>`],
      ['\x10require("Storage").write("go","print(\'gone\')")\n', ""],
      ['load("go")\n', `load("go")\r\n=undefined\r\n${BANNER}gone\r\n>`],
      ["\x10echo(0)\n", ""],
      ["\x10reset()\n", `${BANNER}>`],
    ],
  "packets: an expression is answered": [
    [evaluate("1+222"), `\x06${response("223")}`],
    [evaluate("({a:1,b:'x'})"), `\x06${response('{a:1,b:"x"}')}`],
    [evaluate("void 0"), `\x06${response("null")}`],
    [evaluate('print("hello")'), `\r\x1b[Jhello\r\n\x06${response("null")}>`],
    [evaluate("foo.bar"), `\r\x1b[J\x15Uncaught ReferenceError: "foo" is not defined\r\n${ERROR_AT}>`],
    ["pri", "pri"],
    [evaluate("1+222"), `\x06${response("223")}`],
    ["nt(5)\n", "nt(5)\r\n5\r\n=undefined\r\n>"],
  ],
  "packets: a file is written piece by piece, and read": [
    [fileSend("{fn:'test',s:11}"), "\x06"],
    [data("hello"), "\x06"],
    [data(" world"), "\x06"],
    [data(" world"), "\x15"],
    [fileReceive("{fn:'test'}"), `\x06${data("hello world")}${data("")}`],
    [fileReceive("{fn:'none'}"), "\x15"],
    [fileSend("{fn:'test',s:0}"), "\x15"],
    [fileSend("{fn:7,s:1}"), "\x15"],
    // Storage had no room for it, and the packet is acknowledged: only a look at the file tells.
    [fileSend("{fn:'test',s:5}"), "\x06"],
    [data(" worlx"), "\r\x1b[J\x06Uncaught Error: Too much data for file size\r\n>"],
  ],
  "packets: an event reaches who listens, and what is no packet is refused": [
    [event("{a:1}"), "\x15"],
    ['E.on("packet",function(p){print("got",p)})\n', 'E.on("packet",function(p){print("got",p)})\r\n=undefined\r\n>'],
    [event("{a:1}"), '\r\x1b[Jgot { "a": 1 }\r\n\x06>'],
    [event("a1234"), "\r\x1b[J\x15>"],
    [packet(0xc0, "a"), "\x15"],
    [packet(0x00, "a"), "\x15"],
  ],
}

/** What differs between builds, and where V8 points elsewhere than the interpreter does. */
export function comparable(bytes: string): string {
  return bytes
    .replace(/2v\d+(?:\.\d+)?/g, "VERSION")
    .replace(/(Espruino VERSION) \w+/g, "$1 BOARD")
    .replaceAll("\x1b[?7l", "")
    .replace(/ {4}at [^\r]*\r\n[^\r]*\r\n *\^/g, "    at @\r\n\r\n^")
}
