import type { BoardPower } from "./energy/power"

/** What the simulator needs of boards/*.json. Fields it does not know are ignored. */
interface BoardPin {
  number: number
  names?: string[]
  inputOnly?: boolean
  /** Wired to the flash chip: using it crashes the board. */
  flash?: boolean
  /** No interrupt in this firmware: setWatch refuses it. */
  noWatch?: boolean
  strapping?: unknown
  /** The firmware enables its pull-up at boot. */
  bootPullUp?: boolean
  /** The firmware's BTN1: read and written inverted, or kept an input with pull-up until pinMode says otherwise. */
  firmwareButton?: "inverted" | "input"
  /** The silicon's converter; whether it is read is the firmware's. */
  adc?: { unit: number; channel: number }
  dac?: unknown
  pwm?: unknown
}

export interface Board {
  name: string
  chip: string
  /** By the name that is printed, such as "GPIO4". */
  pins: Record<string, BoardPin>
  /** What Espruino's build for this chip serves. Without it: ADC1, and the classic ESP32's PWM channels. */
  firmware?: { adcUnits: number[]; pwm: { common: number; own: number } }
  /** Blocks (JsVars) the interpreter finds at boot. */
  memory?: { blocks: number }
  /** Without it nothing is said of energy. */
  power?: BoardPower
}

/** 2500: the low end of what ESP32 boards with Wi-Fi and BLE report (Espruino 2v29), an estimate. */
export const DEFAULT_BLOCKS = 2500

export function pinName(board: Board, number: number): string {
  for (const name in board.pins) if (board.pins[name].number === number) return name
  return `GPIO${number}`
}
