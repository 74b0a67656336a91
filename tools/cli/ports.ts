import { findPorts, portText } from "../serial/find"

/** Prints the serial ports that something is plugged into. */
export async function ports(): Promise<void> {
  const found = await findPorts()
  const lines = found.length
    ? found.map(portText)
    : ['no board is plugged in, as far as this machine knows ("motewire doctor" looks further)']
  process.stdout.write(`${lines.join("\n")}\n`)
}
