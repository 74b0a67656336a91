import { FAULT_GRAMMAR } from "../../../sim/faults/grammar"
import { listFaults, type FaultRow } from "../../../sim/faults/list"
import { aligned } from "./energy"

/** What `--fault help` prints. */
export function faultHelp(): string {
  const rows = listFaults()
  const targets = [...new Set(rows.map(({ of }) => of))]
  const blocks = targets.map((of) => `${of}\n${aligned(rows.filter((row) => row.of === of).map(line))}`)
  return [`motewire sim --fault "${FAULT_GRAMMAR}"`, MEANING, ...blocks].join("\n\n")
}

const line = ({ written, text }: FaultRow): string[] => ["", written, text]

const MEANING = `Times are house time since the start. A BOARD is a device of flash.config.json, a PIN one of
its pins ("climate.GPIO4") or one of a part's ("climate.dht22.data"). A part is named as in
flash.config.json; below stands what parts of each type know.`
