import { buildProgram, type Bundle } from "../build/program"
import { atMost, print, type Row } from "./report"

/** Programs whose only own lines hand the client to a script: the rest of each bundle is the client. */
export const CLIENTS = {
  "QoS 0": ["client-qos0", 2500],
  "QoS 0 and 1": ["client-qos1", 4000],
  "all of 3.1.1": ["client-311", 5500],
  "all of 5.0": ["client-5", 9500],
} as const

export type ClientVariant = keyof typeof CLIENTS

const PROGRAMS = "test/vm/programs/"
const BAR_PROGRAM = 9000

const bytesOf = ({ modules }: Bundle, part: string) =>
  modules.filter(({ file }) => file.includes(part)).reduce((sum, { bytes }) => sum + bytes, 0)

/** Bytes of a client with nothing around it. */
export async function clientBytes(variant: ClientVariant): Promise<number> {
  const bundle = await buildProgram(`${PROGRAMS}${CLIENTS[variant][0]}.ts`)
  return bundle.bytes - bytesOf(bundle, PROGRAMS)
}

export async function sizes(): Promise<void> {
  const rows: Row[] = []
  for (const name of ["climate", "bulb"]) {
    const bundle = await buildProgram(`src/apps/${name}.ts`)
    rows.push(atMost(`${name}, whole bundle`, bundle.bytes, BAR_PROGRAM, "bytes"))
    const words = bytesOf(bundle, "src/mqtt/reason")
    const client = bytesOf(bundle, "src/mqtt/") - words
    rows.push(atMost("  the MQTT client in it", client, CLIENTS["QoS 0 and 1"][1], "bytes"))
    rows.push({ what: "  its words for reasons (src/mqtt/reason.ts)", figure: `${words} bytes` })
  }
  for (const variant of Object.keys(CLIENTS) as ClientVariant[])
    rows.push(atMost(`MQTT client alone, ${variant}`, await clientBytes(variant), CLIENTS[variant][1], "bytes"))
  print("Bundle sizes", rows)
}
