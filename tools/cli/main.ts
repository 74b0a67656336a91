import { Command, CommanderError } from "commander"
import type { BuildCommand } from "./build/command"
import { EXIT_OK, EXIT_USAGE, Failure } from "../failure"
import { verdictOn } from "./verdict"
import type { FirmwareCommand } from "./firmware"
import type { FlashCommand } from "./flash"
import type { MonitorCommand } from "./monitor"
import type { ExportCommand } from "./export/command"
import { npmHint } from "./npm-hint"
import type { RecordCommand } from "./record"
import type { ReplayCommand } from "./replay/command"
import { addSimOptions } from "./sim/options"
import { version } from "../version"

export interface Start {
  /** The bundled sim/worker.ts. */
  worker: string
}

/** Runs one command line and gives its exit code. Commands are loaded when chosen: help needs no compiler. */
export async function run(argv: string[], start: Start): Promise<number> {
  let exitCode = EXIT_OK
  const program = motewire(start, (code) => (exitCode = code))
  // `motewire build | head`: a reader that has seen enough is no failure. Anything else is.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
  })
  const hint = npmHint(process.env, argv)
  if (hint) process.stderr.write(`warning: ${hint}\n`)
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (error) {
    // Commander has printed its own message; what is left of it is the code: 0 after --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
    const verdict = verdictOn(error)
    process.stderr.write(`${verdict.text}\n`)
    return verdict.exitCode
  }
}

function motewire(start: Start, exit: (code: number) => void): Command {
  const program = new Command("motewire")
    .description("TypeScript firmware for ESP32 boards that run Espruino, and a simulator that runs the same bundle.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError('(say "motewire --help", or "motewire help COMMAND", for what is possible)')
    .exitOverride()
    .addHelpText("after", GENERAL_HELP)
  addSim(program, start, exit)
  addBuild(program)
  addFlash(program, exit)
  addMonitor(program, exit)
  addFirmware(program, exit)
  addRecord(program, exit)
  addReplay(program, exit)
  addExport(program)
  addCheck(program)
  addSchema(program)
  return program
}

function addSim(program: Command, start: Start, exit: (code: number) => void) {
  const sim = program.command("sim").description("run the devices of flash.config.json on simulated boards")
  addSimOptions(sim).action(async (options) => {
    const { simulate } = await import("./sim/command")
    exit(await simulate(options, start.worker))
  })
}

function addBuild(program: Command) {
  withConfig(program.command("build").description("build the bundles that go onto the chips, into dist/"))
    .argument("[device...]", "devices to build; all of the file when none is named")
    .option("--record", "with the recorder that motewire record listens to, into dist/DEVICE.record.js")
    .option("--why", "tell what every byte is there for, what pulled it in, and what changed since the last build")
    .addHelpText("after", BUILD_HELP)
    .action(async (devices: string[], options: BuildCommand) => {
      await (await import("./build/command")).build(options, devices)
    })
}

function addFlash(program: Command, exit: (code: number) => void) {
  withConfig(
    program.command("flash").description("put a device's program and settings onto its board, and see it come up"),
  )
    .argument("[device]", "the device of flash.config.json; may be left out when there is one")
    .option(
      "-p, --port <port>",
      "its serial port; that of the file, or the one board that is plugged in, when not given",
    )
    .option("--baud <number>", "speed of the port", "115200")
    .option("--all", "every device of the file, each at its own port")
    .option("--settings-only", "leave the program as it is")
    .option("--erase", "erase all of the board's Storage first")
    .option("--dry-run", "say what would be done, and write nothing")
    .option("--record", "the program with the recorder that motewire record listens to")
    .option("--monitor", "then show what the board says, as motewire monitor does")
    .addHelpText("after", FLASH_HELP)
    .action(async (device: string | undefined, options: FlashCommand & { monitor?: boolean }) => {
      if (options.monitor && (options.all || options.dryRun))
        throw new Failure("--monitor follows one board that was flashed: leave out --all and --dry-run.", EXIT_USAGE)
      const code = await (await import("./flash")).flashDevices(device, options)
      const isFollowed = options.monitor && code === EXIT_OK
      exit(isFollowed ? await (await import("./monitor")).monitorBoard(device, options) : code)
    })
  program
    .command("ports")
    .description("list the serial ports that boards are plugged into")
    .action(async () => (await import("./ports")).ports())
  withConfig(
    program.command("doctor").description("look at Node, ports, config and broker, and say what to do about each"),
  ).action(async ({ config }: { config: string }) => exit(await (await import("./doctor")).doctor(config)))
}

function addFirmware(program: Command, exit: (code: number) => void) {
  program
    .command("firmware")
    .description("put Espruino itself onto a board, or erase a board that is stuck")
    .option("-f, --file <file>", "Espruino's .zip, .tgz or .bin")
    .option("--chip <chip>", "ESP32, ESP32-C3 or ESP32-S3: refuse any other board")
    .option("-p, --port <port>", "its serial port; the one board that is plugged in when not given")
    .option("--baud <number>", "speed, once the boot loader answers", "460800")
    .option("--erase", "erase Storage (programs and settings), too; without --file only that")
    .option("--dry-run", "say what would be done, and change nothing")
    .showHelpAfterError(FIRMWARE_HINT)
    .addHelpText("after", FIRMWARE_HELP)
    .action(async (options: FirmwareCommand) => exit(await (await import("./firmware")).firmware(options)))
}

function addMonitor(program: Command, exit: (code: number) => void) {
  withConfig(
    program.command("monitor").description("show what a board says, its stack traces as places in the TypeScript"),
  )
    .argument("[device]", "the device of flash.config.json that the board is; any of the file when not given")
    .option(
      "-p, --port <port>",
      "its serial port; that of the file, or the one board that is plugged in, when not given",
    )
    .option("--baud <number>", "speed of the port", "115200")
    .option("--json", "one object a line instead of text")
    .addHelpText("after", MONITOR_HELP)
    .action(async (device: string | undefined, options: MonitorCommand) =>
      exit(await (await import("./monitor")).monitorBoard(device, options)),
    )
}

function addRecord(program: Command, exit: (code: number) => void) {
  withConfig(program.command("record").description("record a real board over its serial port, for motewire replay"))
    .argument("<device>", "the device of flash.config.json that the board is")
    .option("-p, --port <port>", "its serial port, such as /dev/ttyUSB0 or COM3; that of the file when not given")
    .option("-o, --out <file>", "the trace; DEVICE.trace when not given")
    .option("--baud <number>", "speed of the port", "115200")
    .option("--for <time>", "end after 30s, 10min or 1h; at Ctrl-C when not given")
    .addHelpText("after", RECORD_HELP)
    .action(async (device: string, options: RecordCommand) =>
      exit(await (await import("./record")).record(device, options)),
    )
}

function addReplay(program: Command, exit: (code: number) => void) {
  program
    .command("replay")
    .description("play a recorded trace to a program again, and compare what it does")
    .argument("<trace>", "a file that motewire sim --trace or motewire record wrote")
    .option("-d, --device <name>", "this board only; all of the trace when not given")
    .option("--bundle <file>", "this bundle instead of the trace's program, with --device where there are several")
    .option("--edited", "play a trace that was changed after it was recorded")
    .addHelpText("after", REPLAY_HELP)
    .action(async (file: string, options: ReplayCommand) =>
      exit(await (await import("./replay/command")).replay(file, options)),
    )
}

function addExport(program: Command) {
  program
    .command("export")
    .description("write a recorded trace as waveforms or network packets")
    .argument("<trace>", "a file that motewire sim --trace or motewire record wrote")
    .option("--vcd <file>", "levels of the pins, for sigrok, PulseView and GTKWave")
    .option("--pcap <file>", "network packets, for Wireshark and tshark")
    .option("-d, --device <name>", "this board only; all of the trace when not given")
    .addHelpText("after", EXPORT_HELP)
    .action(async (file: string, options: ExportCommand) =>
      (await import("./export/command")).exportTrace(file, options),
    )
}

function addCheck(program: Command) {
  withConfig(program.command("check").description("check flash.config.json and say what is wrong with it"))
    .addHelpText("after", CHECK_HELP)
    .action(async ({ config }: { config: string }) => (await import("./check")).check(config))
}

function addSchema(program: Command) {
  program
    .command("schema")
    .description("write the JSON schema that editors use for flash.config.json")
    .action(async () => (await import("./schema")).writeSchema())
}

const withConfig = (command: Command) =>
  command.option("-c, --config <file>", "the devices' description", "flash.config.json")

const GENERAL_HELP = `
Examples:
  motewire sim                        two boards, a broker and a live view
  motewire sim --speed max --for 1h   an hour of the house, as fast as this machine goes
  motewire build climate              dist/climate.js, byte for byte what the chip runs
  motewire check                      is flash.config.json sound?

Devices, pins, network and broker are described in flash.config.json. Secrets come from
the environment or from .env.local beside that file.`

const BUILD_HELP = `
Writes into dist/ beside the config file, and prints the bytes of each module:
  DEVICE.js, DEVICE.js.map                the bundle, and the way back to the TypeScript
  DEVICE.tokens.js, DEVICE.tokens.js.map  the same as the interpreter's own bytes: what goes to the chip
  DEVICE.settings.json                    the settings, with the names of the secrets' variables
  DEVICE.manifest.json                    hashes, versions, board, blocks that it will take
A line that the chip cannot run is named with its file, the reason and
what to write instead; then nothing is written.

Examples:
  motewire build
  motewire build climate bulb
  motewire build climate --why
  motewire build --config house/flash.config.json`

const FLASH_HELP = `
The old program runs until the new one is whole on the board. A new one that does not come up within
a minute gives way to the old one, with the settings that it had; so a cable may be pulled at any time.

Examples:
  motewire flash climate
  motewire flash climate --monitor
  motewire flash climate --port /dev/ttyUSB0 --settings-only
  motewire flash --all`

const FIRMWARE_HINT =
  '(a device\'s program goes onto its board with "motewire flash DEVICE"; say "motewire help firmware" for what is possible)'

const FIRMWARE_HELP = `
The chip is asked what it is before anything is erased, and what was written is compared with it afterwards.
Programs and settings on the board stay, unless --erase is given. A board cannot be spoilt by this: its own
boot loader stands in ROM. docs/firmware.md says where Espruino is to be had.

Examples:
  motewire firmware --file espruino_2v29.zip
  motewire firmware --file espruino_2v29_esp32c3.tgz --port /dev/ttyACM0 --erase
  motewire firmware --erase`

const MONITOR_HELP = `
What is typed goes to the board's prompt. Ctrl-C or Ctrl-] ends the monitor; Ctrl-T then r resets the board,
Ctrl-T then c sends it Ctrl-C. Lines from a pipe are typed one by one; when the last was answered the monitor ends.
Traces are translated when dist/, what was flashed last (dist/flashed), or the sources as they are make the very
bytes that the board runs.

Examples:
  motewire monitor
  motewire monitor climate --port /dev/ttyUSB0
  echo 'process.memory()' | motewire monitor --json`

const RECORD_HELP = `
The board must run a program with the recorder: "motewire flash --record" puts it there. It is restarted by its port where the
port can do that; the trace begins with its program and ends with Ctrl-C, after --for, or where a
line of the console was lost. docs/recording.md has what is recorded, and what it costs.

Examples:
  motewire flash climate --record --port /dev/ttyUSB0
  motewire record climate --port /dev/ttyUSB0 --for 10min --out kitchen.trace
  motewire replay kitchen.trace`

const REPLAY_HELP = `
Builds the program that the trace names and runs it on a simulated board whose whole outside
is played from the trace. The first difference is shown with its time and the lines around it,
and the exit code is 1; without one it is 0.

Examples:
  motewire sim --speed max --for 1h --trace house.trace
  motewire replay house.trace
  motewire replay house.trace --device climate --bundle dist/climate.js`

const EXPORT_HELP = `
Examples:
  motewire export house.trace --vcd house.vcd --pcap house.pcap
  motewire export house.trace --vcd climate.vcd --device climate
  sigrok-cli -I vcd -i climate.vcd -P am230x:sda=GPIO4
  tshark -r house.pcap -Y mqtt`

const CHECK_HELP = `
Checks keys, boards, pins, settings and wiring, and prints every problem at once as
"file: key: reason. remedy". Exit code 0 when the file is sound, warnings included.

Examples:
  motewire check
  motewire check --config house/flash.config.json`
