import pc from "picocolors"
import { loadConfig, type Config } from "../config/load"
import { problemLine } from "../config/problem"

/** Prints what the file describes; problems are thrown by the loading and printed by main. */
export async function check(file: string): Promise<void> {
  const config = await loadConfig(file)
  process.stdout.write(`${verdict(config).join("\n")}\n`)
}

function verdict(config: Config): string[] {
  const devices = config.devices.map((device) => {
    const parts = device.parts.map(({ name, part }) => (name === part ? name : `${name} (${part})`)).join(", ")
    return `  ${device.name}  ${device.programAsWritten} on ${device.board.name}${parts ? `, wired to ${parts}` : ""}`
  })
  const warnings = config.warnings.map((warning) => pc.yellow(`warning: ${problemLine(config.file, warning)}`))
  const count = config.devices.length === 1 ? "1 device" : `${config.devices.length} devices`
  return [...warnings, `${config.file}: sound, ${count}`, ...devices]
}
