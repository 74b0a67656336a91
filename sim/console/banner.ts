/** What the firmware prints of itself; terminals are told not to wrap lines (src/jsinteractive.c, Espruino 2v29). */
export const banner = (version: string): string =>
  [
    "\x1b[?7l",
    " ____                 _ ",
    "|  __|___ ___ ___ _ _|_|___ ___ ",
    "|  __|_ -| . |  _| | | |   | . |",
    "|____|___|  _|_| |___|_|_|_|___|",
    "         |_| espruino.com",
    ` ${version} (c) 2026 G.Williams`,
    "",
    "Espruino is Open Source. Our work is supported",
    "only by sales of official boards and donations:",
    "http://espruino.com/Donate",
    "",
  ].join("\n")

/** The boot loader in ROM says why it runs, before any program does (esp32: reset reasons of Espressif's technical reference). */
export function romText(reason: string): string {
  const [code, name] = RESETS[reason] ?? RESETS["power"]
  return `ets Jul 29 2019 12:21:46\r\n\r\nrst:0x${code} (${name}),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n`
}

const RESETS: Record<string, [code: string, name: string]> = {
  power: ["1", "POWERON_RESET"],
  reboot: ["c", "SW_CPU_RESET"],
  crash: ["c", "SW_CPU_RESET"],
  watchdog: ["8", "TG1WDT_SYS_RESET"],
}
