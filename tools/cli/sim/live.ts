import type { HouseEvent, HouseView } from "../../../sim/events"
import { buttonKeys, type ButtonKey } from "../view/buttons"
import { Screen, type Terminal } from "../view/screen"
import type { Style } from "../view/style"
import { view, type LogLine, type ViewState } from "../view/view"
import { levelOf, say, whoOf } from "../../text/say"
import type { Output, Ready } from "./output"
import type { Heard } from "./protocol"

/** 8 frames a second: a fade looks smooth, and a slow terminal keeps up. */
const FRAME_MS = 125
const KEPT_LOG = 200

/** Draws the house on a terminal until it is closed. */
export class LiveOutput implements Output {
  private readonly screen: Screen
  private readonly log: LogLine[] = []
  private broker: ViewState["broker"] = {}
  private house: HouseView | undefined
  private heard: Heard = {}
  private devices: string[] = []
  private timer: NodeJS.Timeout | undefined
  constructor(
    terminal: Terminal & NodeJS.EventEmitter,
    private readonly style: Style,
    private readonly speed: number | "max",
  ) {
    this.screen = new Screen(terminal)
    terminal.on("resize", () => this.onResize())
  }

  ready({ devices, url, note, hint }: Ready): void {
    this.devices = devices
    this.broker = { url, note, hint }
    this.screen.open()
    this.timer = setInterval(() => this.draw(), FRAME_MS)
  }

  /** What the house's messages and panels show already stays out of the log. */
  event(event: HouseEvent): void {
    const isShown = event.kind === "mqtt" && event.action === "publish"
    if (isShown) return
    this.log.push({ atUs: event.atUs, device: whoOf(event, this.devices), level: levelOf(event), text: say(event) })
    if (this.log.length > KEPT_LOG) this.log.shift()
  }

  show(house: HouseView, heard: Heard): void {
    this.house = house
    this.heard = heard
  }

  /** What a typed key presses, as the screen says it. */
  buttonOn(key: string): ButtonKey | undefined {
    return this.house && buttonKeys(this.house).find((button) => button.key === key)
  }

  /** A screen holds no pipe up. */
  async drained(): Promise<void> {}

  close(): void {
    clearInterval(this.timer)
    this.screen.close()
  }

  /** After the shell had the terminal for a while (Ctrl-Z, fg). */
  reopen(): void {
    this.screen.open()
    this.draw()
  }

  leave(): void {
    this.screen.close()
  }

  private onResize(): void {
    this.screen.forget()
    this.draw()
  }

  private draw(): void {
    if (!this.house) return
    const { house, heard, speed, broker, log } = this
    const state = { house, heard, speed, broker, log }
    this.screen.draw(view(state, this.screen.size, this.style))
  }
}
