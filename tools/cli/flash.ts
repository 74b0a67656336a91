import { pretokenise } from "../build/pretokenise"
import { forecastOf } from "../build/forecast"
import type { Bundle } from "../build/program"
import type { Device } from "../config/device"
import { loadConfig, passwordFault, type Config } from "../config/load"
import { ConfigError, problemLine } from "../config/problem"
import { settingsRecord } from "../config/record"
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, Failure } from "../failure"
import type { ChipState } from "../flash/chip"
import { flash } from "../flash/flash"
import { hasTokens } from "../flash/refuse"
import { choosePort, findPorts } from "../serial/find"
import { openSerial, reopenSerial } from "../serial/port"
import { bundlesOf } from "../build/bundles"
import { pickDevices } from "../config/pick"
import { progressBar } from "./progress"

export interface FlashCommand {
  config: string
  port?: string
  baud: string
  all?: boolean
  erase?: boolean
  settingsOnly?: boolean
  dryRun?: boolean
}

/** Flashes one device, or all of the file one after the other; gives the exit code. */
export async function flashDevices(name: string | undefined, command: FlashCommand): Promise<number> {
  const baud = Number(command.baud)
  if (!(baud > 0))
    throw new Failure(`--baud ${command.baud} is no speed. Write bits a second, such as 115200.`, EXIT_USAGE)
  if (command.erase && command.settingsOnly)
    throw new Failure("--erase removes the program, which --settings-only needs. Choose one of them.", EXIT_USAGE)
  const config = await loadConfig(command.config)
  const devices = devicesOf(config, name, command)
  refuseUnset(config)
  for (const warning of config.warnings.filter(({ key }) =>
    devices.some((each) => key.startsWith(`devices.${each.name}.`)),
  ))
    say(`warning: ${problemLine(config.file, warning)}`)
  const bundles = command.settingsOnly ? undefined : await bundlesOf(devices)
  let exitCode = EXIT_OK
  for (const device of devices) {
    try {
      await flashOne(config, device, bundles?.get(device.name), command, baud)
    } catch (error) {
      // The others are flashed all the same.
      if (devices.length === 1 || !(error instanceof Failure)) throw error
      say(`${device.name}: ${error.message}`)
      exitCode = EXIT_FAILED
    }
  }
  return exitCode
}

function devicesOf(config: Config, name: string | undefined, { all, port }: FlashCommand): Device[] {
  if (name !== undefined && all) throw new Failure("--all flashes every device: leave its name out.", EXIT_USAGE)
  if (name !== undefined) return pickDevices(config, [name])
  if (!all && config.devices.length > 1)
    throw new Failure(
      `which device? Say ${config.devices.map((each) => each.name).join(" or ")}, or --all.`,
      EXIT_USAGE,
    )
  const devices = pickDevices(config, [])
  if (devices.length === 1) return devices
  if (port !== undefined)
    throw new Failure('--port is one board\'s: with --all write "port" for each device.', EXIT_USAGE)
  const without = devices.filter(({ serialPort }) => serialPort === undefined).map((each) => each.name)
  if (without.length)
    throw new Failure(
      `--all has to know the board of each device: write "port" for ${without.join(" and ")} in ${config.file}.`,
      EXIT_USAGE,
    )
  return devices
}

function refuseUnset(config: Config): void {
  const { network, broker } = config
  const unfit = passwordFault(config)
  if (unfit) throw new ConfigError(config.file, [unfit])
  const unset = [network.password, broker.password]
    .filter((secret) => secret && !secret.isSet)
    .map((secret) => secret!.env)
  if (unset.length)
    throw new Failure(
      `${unset.join(" and ")} ${unset.length > 1 ? "are" : "is"} not set. Set it in the environment, or write it into .env.local beside the config file.`,
    )
}

async function flashOne(
  config: Config,
  device: Device,
  bundle: Bundle | undefined,
  command: FlashCommand,
  baud: number,
): Promise<void> {
  const startedMs = performance.now()
  const path = command.port ?? device.serialPort ?? (await choosePort(await findPorts()))
  const line = await openSerial(path, baud)
  const bar = progressBar(device.name)
  const verdict = await flash(line, path, {
    board: device.board,
    program: bundle && ((chip) => bytesFor(bundle, device, chip)),
    record: settingsRecord(config, device.name),
    erase: command.erase,
    isDryRun: command.dryRun,
    reopen: () => reopenSerial(path, baud),
    say: (text) => (bar.clear(), say(text)),
    onProgress: bar.show,
  }).finally(async () => {
    bar.clear()
    await line.close()
  })
  if (!verdict) return
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stdout.write(`${device.name}: flashed, verified and running after ${seconds} s\n`)
  process.stdout.write(
    verdict.words
      .slice(0, 5)
      .map((words) => `  ${words}\n`)
      .join(""),
  )
}

/** Pretokenised for this firmware where it can be: a sixth smaller, and its strings stay in flash. */
function bytesFor(bundle: Bundle, { maxQueued }: Device, chip: ChipState): string {
  const { peak } = forecastOf(bundle.code, maxQueued)
  if (peak > chip.blocks)
    throw new Failure(
      `the program takes about ${peak} blocks of memory, and this board has ${chip.blocks}. Leave parts of it out ("motewire build --why" says what is large).`,
    )
  return hasTokens(chip) ? pretokenise(bundle, chip.version).code : bundle.code
}

const say = (text: string) => process.stderr.write(`motewire: ${text}\n`)
