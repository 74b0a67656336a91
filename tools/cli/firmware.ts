import { isSimulated } from "../console/link"
import { EXIT_OK, EXIT_USAGE, Failure } from "../failure"
import { readFirmwareFile } from "../firmware/archive"
import { chipCalled, chipsOfBoards, type Chip } from "../firmware/chips"
import { installsIn, type Install } from "../firmware/contents"
import { installFirmware } from "../firmware/firmware"
import { choosePort, findPorts } from "../serial/find"
import { speedOf } from "./baud"
import { progressBar } from "./progress"

export interface FirmwareCommand {
  file?: string
  chip?: string
  port?: string
  baud: string
  erase?: boolean
  dryRun?: boolean
}

/** Installs Espruino on one board, or erases its Storage; gives the exit code. The file is read before the port is opened. */
export async function firmware(command: FirmwareCommand): Promise<number> {
  const startedMs = performance.now()
  const baud = speedOf(command.baud, 460_800)
  if (command.file === undefined && !command.erase) throw new Failure(WHERE, EXIT_USAGE)
  if (command.port !== undefined && isSimulated(command.port))
    throw new Failure("a simulated board has its firmware inside; --port takes a serial port.", EXIT_USAGE)
  const chips = chipsOfBoards()
  const chip = command.chip === undefined ? undefined : chipSaid(chips, command.chip)
  const installs = command.file === undefined ? undefined : await installsOf(command.file, chips, chip)
  const path = command.port ?? (await choosePort(await findPorts()))
  const bar = progress()
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once("SIGINT", stop).once("SIGTERM", stop)
  const done = await installFirmware(path, {
    ...{ chips, installs, chip, baud, erase: command.erase, isDryRun: command.dryRun },
    say: (text) => (bar.clear(), say(text)),
    onProgress: bar.show,
    signal: stopping.signal,
  }).finally(() => {
    bar.clear()
    process.off("SIGINT", stop).off("SIGTERM", stop)
  })
  if (!done) return EXIT_OK
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const what = installs ? "installed and verified" : "Storage erased"
  const runs = done.version === undefined ? "" : `, Espruino ${done.version} answers`
  process.stdout.write(`${done.chip}: ${what}${runs} after ${seconds} s\n`)
  process.stdout.write(`next: motewire flash --port ${path}\n`)
  return EXIT_OK
}

/** A bar for each thing that is counted: their speeds have nothing to do with each other. */
function progress() {
  let what = ""
  let bar = progressBar(what)
  return {
    show(next: string, done: number, total: number): void {
      if (next !== what) {
        bar.clear()
        bar = progressBar((what = next))
      }
      bar.show(done, total)
    },
    clear: () => bar.clear(),
  }
}

function chipSaid(chips: Chip[], written: string): Chip {
  const chip = chipCalled(chips, written)
  if (!chip) throw new Failure(`--chip ${written} is none of ${chips.map(({ name }) => name).join(", ")}.`, EXIT_USAGE)
  return chip
}

async function installsOf(file: string, chips: Chip[], chip: Chip | undefined): Promise<Install[]> {
  const installs = installsIn(await readFirmwareFile(file), chips, file)
  if (!chip || installs.some((install) => install.chip === chip)) return installs
  const others = [...new Set(installs.map((install) => install.chip.name))].join(" and ")
  throw new Failure(`${file} is for ${others}, and --chip says ${chip.name}. Take the file for ${chip.name}.`)
}

const WHERE = `which firmware? Download Espruino from https://www.espruino.com/Download (the .zip of a release, such as espruino_2v29.zip, has all chips; builds of single chips, espruino_*_esp32.tgz, are at https://www.espruino.com/binaries/travis/master/), and name it with --file. To erase Storage alone, say --erase.`

const say = (text: string) => process.stderr.write(`motewire: ${text}\n`)
