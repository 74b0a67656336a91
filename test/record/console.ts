import { createRecorder, type Recorder } from "../../src/hal/espruino/record/recorder"
import { FakeChip } from "../fakes/chip"

/** A recorder on a fake chip, and what it prints. */
export class Console {
  readonly chip = new FakeChip()
  readonly recorder: Recorder = createRecorder(this.chip)
  private read = 0

  /** Lines since the last look, as they stand on the console. Idle moments pass. */
  lines(): string[] {
    this.chip.clock.advance(1)
    const printed = this.chip.lines.map((line) => line.replace(/^log /, ""))
    const fresh = printed.slice(this.read)
    this.read = printed.length
    return fresh
  }

  /** Of those lines the stream. */
  stream(): string {
    return this.lines()
      .map((line) => /^@@\d+ \d+ (.*)$/.exec(line)![1])
      .join("")
  }
}
