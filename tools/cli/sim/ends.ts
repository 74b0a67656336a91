import type { HouseEvent } from "../../../sim/events"
import type { House } from "../../../sim/house"
import { readable } from "../../text/terminal"

/** Keeps what each board came to, and tells at the end which ones stopped for good or were never set up whole. */
export class Ends {
  private readonly halted = new Map<string, string>()
  private readonly thrown = new Map<string, string>()

  hear(event: HouseEvent, isBooting: boolean): void {
    const { device } = event
    if (event.kind === "boot") {
      this.halted.delete(device)
      this.thrown.delete(device)
    }
    if (event.kind === "halt")
      this.halted.set(device, `${event.reason}${event.callback ? ` in ${event.callback}` : ""}`)
    if (event.kind === "log" && event.level === "error" && isBooting && /^Uncaught /.test(event.text))
      this.thrown.set(device, event.text)
  }

  failures({ devices }: Pick<House, "devices">): string[] {
    return [...devices.keys()].flatMap((name) => {
      const halt = this.halted.get(name)
      if (halt !== undefined) return [`${name} stopped: ${readable(halt)}.`]
      const error = this.thrown.get(name)
      return error === undefined ? [] : [`${name} threw while it started: ${readable(error)}`]
    })
  }
}
