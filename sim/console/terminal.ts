import type { Interpreter } from "../espruino/interpreter"
import type { Phase } from "../espruino/loop"
import { banner } from "./banner"
import { InputLine } from "./input-line"
import { openBrackets } from "./brackets"
import { Packets } from "./packets"
import type { Chip } from "./port"
import { RESULT, show } from "./show"
import { runTyped, typedSource } from "./typed"

/** What the keys send behind ESC [, ESC [ NUMBER ~ and ESC O. */
const KEYS: Record<string, (line: InputLine) => void> = {
  "[D": (line) => line.left(),
  "[C": (line) => line.right(),
  "[A": (line) => line.up(),
  "[B": (line) => line.down(),
  "[F": (line) => line.end(),
  "[H": (line) => line.home(),
  "[1~": (line) => line.home(),
  "[3~": (line) => line.delete(false),
  "[4~": (line) => line.end(),
  "[5~": (line) => line.toStart(),
  "[6~": (line) => line.toEnd(),
  OF: (line) => line.end(),
  OH: (line) => line.home(),
}
const IS_KEY_BEGUN = /^(?:|\[|O|\[\d+)$/
/** Of the number pad. */
const PAD: Record<string, string> = { Oo: "/", Oj: "*", Om: "-", Ok: "+", OM: "\r" }

const CTRL_C = "\x03"
const DLE = "\x10"
const ESC = "\x1b"

/**
 * The console of one life of a chip: jsiHandleConsoleChar and what belongs to it (src/jsinteractive.c, Espruino 2v29). Not
 * imitated: completion by the tab key, which does nothing here while echo is on; passwords.
 */
export class Terminal implements Phase, Chip {
  readonly packets: Packets
  private readonly line: InputLine
  private isEchoOff = false
  private isEchoOffForLine = false
  /** What runs printed something: the line is off the terminal until it is idle. */
  private isRemoved = false
  private isEnding = false
  private hasCtrlC = false
  private before: "" | "\r" | "dle" = ""
  /** What came behind ESC so far; undefined outside of a key. */
  private key: string | undefined
  private rest = ""
  private left = 0

  constructor(readonly interpreter: Interpreter) {
    this.line = new InputLine((bytes) => this.isShown() && this.write(bytes))
    this.packets = new Packets(this)
    const { port } = interpreter.machine
    port.chip = this
    interpreter.onDispose.push(() => port.chip === this && (port.chip = undefined))
  }

  get echoes(): boolean {
    return !this.isEchoOff && !this.isEchoOffForLine
  }

  /** A program's echo(on). */
  setEcho(isOn: boolean): void {
    this.isEchoOff = !isOn
  }

  /** In the interrupt: before what came ahead of it is read. */
  onInterrupt(): void {
    if (this.packets.isReceiving) return
    this.hasCtrlC = true
    if (this.interpreter.machine.port.breaksLoops) this.interpreter.interrupt()
  }

  onInput(): void {
    this.interpreter.loop.wake()
  }

  begin(): void {
    this.left = this.interpreter.machine.port.pieceCount
  }

  step(): boolean {
    const { interpreter } = this
    if (!this.rest && this.left-- > 0) this.rest = interpreter.machine.port.read() ?? ""
    if (!this.rest) return false
    while (this.rest && interpreter.isAlive && !interpreter.isBusy()) {
      const [char] = this.rest
      this.rest = this.rest.slice(1)
      this.take(char)
    }
    return true
  }

  nextUs(): number {
    return this.rest || this.interpreter.machine.port.hasInput ? this.interpreter.localUs : Infinity
  }

  /** Text of the firmware or the program. */
  print(text: string): void {
    if (!this.interpreter.machine.port.isPlugged) return
    this.removeLine()
    this.write(text.replaceAll("\n", "\r\n"))
    this.interpreter.loop?.wake()
  }

  /** reset() and load() end this life within the pass: its prompt is that of the next one. */
  end(): void {
    this.isEnding = true
  }

  /** The life before it was ended by reset() or load(): its line is still off the terminal. */
  goOn(): void {
    this.isRemoved = true
  }

  /** The end of an idle pass. */
  settle(): void {
    if (this.hasCtrlC && !this.packets.isReceiving) {
      this.hasCtrlC = false
      if (!this.line.isEmpty()) {
        this.removeLine()
        this.line.clear()
      }
    }
    this.returnLine()
  }

  /** A prompt is due when the chip is idle. */
  removeLine(): void {
    if (this.isRemoved) return
    this.isRemoved = true
    if (this.echoes) this.write(this.line.removal())
  }

  /** A boot ends with a prompt, behind whatever it printed. */
  greet(how: "banner" | "line" | "nothing"): void {
    if (!this.echoes || how === "nothing") return
    const { version } = this.interpreter.realm.global("process") as { version: string }
    this.write(`${how === "banner" ? banner(version) : ""}\n`.replaceAll("\n", "\r\n"))
    this.isRemoved = true
  }

  write(bytes: string): void {
    const { interpreter } = this
    interpreter.stall(interpreter.machine.port.send(bytes, interpreter.localUs))
  }

  shown(value: unknown): string {
    return show(value, RESULT, (constructor) => this.interpreter.realm.nameOf(constructor))
  }

  private isShown(): boolean {
    return this.echoes && !this.isRemoved
  }

  private returnLine(): void {
    if (!this.isRemoved || this.isEnding) return
    this.isRemoved = false
    if (this.echoes) this.write(`>${this.line.restored()}`)
  }

  private take(char: string): void {
    if (this.packets.isReceiving) {
      if (char === CTRL_C) this.hasCtrlC = false
      return this.packets.take(char)
    }
    const { before } = this
    if (char === "\x01") return before === "dle" ? this.beginPacket() : undefined
    if (char === CTRL_C || char === "\0") return char === "\0" ? this.forget() : undefined
    if (char === "\x05") return this.line.isEmpty() ? this.write(`${this.identity()}\r\n`) : undefined
    if (char === DLE) return this.onDle()
    if (char === ESC) return this.beginKey()
    if (this.key !== undefined) return this.onKey(this.key + char)
    this.before = ""
    if (char === "\n" && before === "\r") return
    if (char === "\r" || char === "\n") return this.onEnter(char)
    if (char === "\b" || char === "\x7f") return this.line.delete(true)
    if (char === "\t" && this.echoes) return
    if (char >= " " || char === "\t") this.line.insert(char === "\t" ? "    " : char)
  }

  private identity(): string {
    const { VERSION, BOARD } = (this.interpreter.realm.global("process") as { env: Record<string, string> }).env
    return `Espruino ${VERSION} ${BOARD}`
  }

  private forget(): void {
    this.before = ""
    this.key = undefined
  }

  private onDle(): void {
    if (this.line.isEmpty()) this.isEchoOffForLine = true
    this.before = "dle"
  }

  private beginPacket(): void {
    this.before = ""
    // The DLE in front of it is no wish for silence.
    if (this.line.isEmpty()) this.isEchoOffForLine = false
    this.packets.begin()
  }

  private beginKey(): void {
    this.before = ""
    this.key = ""
  }

  private onKey(key: string): void {
    this.key = undefined
    if (key === "\n") return this.line.newLine()
    if (KEYS[key]) return KEYS[key](this.line)
    if (PAD[key]) return this.take(PAD[key])
    if (key === "[2H") return this.erase()
    if (IS_KEY_BEGUN.test(key)) this.key = key
  }

  private erase(): void {
    if (this.line.isEmpty()) return
    this.removeLine()
    this.line.clear()
  }

  private onEnter(char: string): void {
    if (char === "\r") this.before = "\r"
    if (!this.line.isAtEnd() || openBrackets(this.line.text) > 0) return this.line.newLine()
    if (this.isShown()) this.write("\r\n")
    if (!this.isEchoOffForLine) this.isRemoved = true
    const source = this.line.text.trimEnd()
    this.line.clear()
    if (source) this.execute(source)
    this.isEchoOffForLine = false
  }

  private execute(source: string): void {
    const { interpreter } = this
    const { code, hasValue } = typedSource(source)
    const done = runTyped(interpreter, () => interpreter.realm.evaluateTyped(code))
    if (!interpreter.isAlive || !this.echoes) return
    this.line.remember(source)
    if (done) this.write(`=${this.shown(hasValue ? done.value : undefined).replaceAll("\n", "\r\n")}\r\n`)
  }
}
