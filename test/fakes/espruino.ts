import { vi } from "vitest"

/** The pin functions of the firmware as far as the adapters use them; each call is written down as text. */
export class FakeEspruino {
  readonly calls: string[] = []
  readonly watches = new Map<number, (edge: object) => void>()
  private lastWatch = 0

  /** Puts the functions where device code finds them: `vi.unstubAllGlobals()` takes them away. */
  install(): this {
    const note =
      (name: string) =>
      (...values: unknown[]) =>
        void this.calls.push([name, ...values].join(" "))
    vi.stubGlobal("pinMode", note("pinMode"))
    vi.stubGlobal("digitalWrite", note("digitalWrite"))
    vi.stubGlobal("analogWrite", note("analogWrite"))
    vi.stubGlobal("digitalRead", () => 1)
    vi.stubGlobal("setWatch", (run: (edge: object) => void, pin: number, options: object) => {
      this.calls.push(`setWatch ${pin} ${JSON.stringify(options)}`)
      this.watches.set(++this.lastWatch, run)
      return this.lastWatch
    })
    vi.stubGlobal("clearWatch", (id: number) => {
      if (!this.watches.delete(id)) throw new Error("Unknown Watch")
      this.calls.push(`clearWatch ${id}`)
    })
    return this
  }
}
