/** Currents of a board at its supply, in milliamperes: boards/*.json "power", with sources there. */
export interface BoardPower {
  /** The chip while its CPU works, without radio. */
  cpuActiveMa: number
  /** The chip while its CPU waits, without radio. */
  cpuIdleMa: number
  /** When the interpreter lets the CPU wait: an open socket keeps IDF 4 chips awake, and the classic ESP32 never waits. */
  cpuIdles: "never" | "without sockets"
  /** The whole chip while its receiver is on, its CPU idle. */
  rxMa: number
  /** The whole chip while it sends, its CPU idle. */
  txMa: number
  /** The chip in deep sleep. */
  deepSleepMa: number
  /** What stands beside the chip on the board: regulator, LED, USB bridge. */
  boardMa: number
}

/** One consumer of a board: "cpu", "radio" or a part's name. */
export interface EnergyShare {
  name: string
  mah: number
}

/** Plain data. */
export interface EnergyReport {
  device: string
  /** House time since it was first switched on. */
  hours: number
  mah: number
  averageMa: number
  /** Largest first. */
  shares: EnergyShare[]
  /** What the board would draw in deep sleep, its parts switched off. */
  deepSleepMa: number
}

/** How long a battery of `mah` lasts at the average of a report; Infinity for one that drew nothing. */
export function batteryDays({ averageMa }: Pick<EnergyReport, "averageMa">, mah: number): number {
  return mah / averageMa / 24
}
