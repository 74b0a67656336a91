import type { StoredFile } from "../../tools/firmware/archive"
import type { Patience } from "../../tools/firmware/boot-loader"
import { chipsOfBoards } from "../../tools/firmware/chips"
import { installsIn } from "../../tools/firmware/contents"
import { installFirmware, type Installed, type Installing } from "../../tools/firmware/firmware"
import { Cable } from "./cable"
import { FakeChip, type Options } from "./chip"

export const CHIPS = chipsOfBoards()
/** A chip that is only simulated answers within milliseconds, on a machine that has nothing else to do. */
export const PATIENCE: Patience = { attempts: 4, replyMs: 2000, flashMs: 2000, bootMs: 8000 }

/** A chip at the end of a cable. */
export class Rig {
  private constructor(
    readonly chip: FakeChip,
    private cable: Cable,
  ) {}

  static async plugIn(kind: string, options?: Options): Promise<Rig> {
    const chip = new FakeChip(kind, () => {}, options)
    const rig = new Rig(chip, await Cable.open((bytes) => chip.receive(bytes)))
    chip.send = (bytes) => rig.cable.send(bytes)
    chip.onUnplug = () => rig.cable.pull()
    return rig
  }

  get path(): string {
    return this.cable.path
  }

  /** Another cable, on which the chip starts anew. */
  async replug(): Promise<void> {
    this.unplug()
    this.cable = await Cable.open((bytes) => this.chip.receive(bytes))
    this.chip.reset()
  }

  unplug(): void {
    this.cable.pull()
  }

  /** Runs a whole installation and gives what was said with what came of it. */
  async install(files: StoredFile[] | undefined, more: Partial<Installing> = {}): Promise<Ran> {
    const said: string[] = []
    const installs = files && installsIn(files, CHIPS, "the file")
    const job = {
      chips: CHIPS,
      installs,
      baud: 115_200,
      patience: PATIENCE,
      say: (text: string) => said.push(text),
      ...more,
    }
    try {
      return { said, done: await installFirmware(this.path, job) }
    } catch (error) {
      return { said, error: error as Error }
    }
  }
}

export interface Ran {
  said: string[]
  done?: Installed
  error?: Error
}
