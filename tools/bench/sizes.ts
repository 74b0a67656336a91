import { buildProgram, type Bundle } from "../build/program"
import { atMost, print, type Row } from "./report"

/** The program whose only own lines hand the client to a script: the rest of its bundle is the client. */
export const CLIENT_ONLY = "test/vm/programs/codec.ts"

const BAR_PROGRAM = 9000
const BAR_CLIENT = 4000

const bytesOf = ({ modules }: Bundle, part: string) =>
  modules.filter(({ file }) => file.includes(part)).reduce((sum, { bytes }) => sum + bytes, 0)

/** Bytes of the client with nothing around it but the wrapper. */
export async function clientBytes(): Promise<number> {
  const bundle = await buildProgram(CLIENT_ONLY)
  return bundle.bytes - bytesOf(bundle, CLIENT_ONLY)
}

export async function sizes(): Promise<void> {
  const rows: Row[] = []
  for (const name of ["climate", "bulb"]) {
    const bundle = await buildProgram(`src/apps/${name}.ts`)
    rows.push(atMost(`${name}, whole bundle`, bundle.bytes, BAR_PROGRAM, "bytes"))
    const words = bytesOf(bundle, "src/mqtt/reason")
    const client = bytesOf(bundle, "src/mqtt/") - words
    rows.push(atMost(`  the MQTT client in it`, client, BAR_CLIENT, "bytes"))
    rows.push({ what: "  its words for reasons (src/mqtt/reason.ts)", figure: `${words} bytes` })
  }
  rows.push(atMost("MQTT client alone, wrapper included", await clientBytes(), BAR_CLIENT, "bytes"))
  print("Bundle sizes", rows)
}
