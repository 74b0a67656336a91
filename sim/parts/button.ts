import { FLOAT, LOW, PULL_UP } from "../pins/net"
import type { Net } from "../pins/net"
import type { Part, PartPlace } from "./part"

/** Push button to ground with a pull-up on its module. Its contact bounces, by the seed. */
export class Button implements Part {
  readonly part = "button"
  readonly name: string
  /** Longest time the contact bounces after each change; 0 for a perfect one. Typical tactile switches: 1 to 5 ms. */
  bounceMs = 5
  private readonly place: PartPlace
  private readonly net: Net
  private isDown = false
  private changes = 0

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.net = place.net("contact")
  }

  /** Held down; set it to press and to let go at moments of your own. */
  get pressed(): boolean {
    return this.isDown
  }
  set pressed(isDown: boolean) {
    if (isDown !== this.isDown) this.change(isDown)
  }

  /** Presses now and lets go after `forMs` of house time. */
  press(forMs = 150): void {
    this.pressed = true
    this.place.clock.after(forMs * 1000, () => (this.pressed = false))
  }

  values(): Record<string, number> {
    return { pressed: this.isDown ? 1 : 0 }
  }

  powerOn(): void {
    this.touch()
  }

  powerOff(): void {
    this.net.drive(this, FLOAT)
  }

  private change(isDown: boolean): void {
    this.isDown = isDown
    const change = ++this.changes
    this.place.tell(isDown ? "is pressed" : "is let go")
    this.touch()
    if (this.bounceMs > 0) this.bounce(change, this.place.clock.nowUs + this.bounceMs * 1000)
  }

  private bounce(change: number, untilUs: number, isOpen = false): void {
    const nextUs = this.place.clock.nowUs + Math.round(this.place.random.between(50, 900))
    this.place.clock.at(Math.min(nextUs, untilUs), () => {
      if (change !== this.changes) return
      if (nextUs >= untilUs) return this.touch()
      this.net.drive(this, isOpen === this.isDown ? LOW : PULL_UP)
      this.bounce(change, untilUs, !isOpen)
    })
  }

  private touch(): void {
    this.net.drive(this, this.isDown ? LOW : PULL_UP)
  }
}
