/** Lines that the chip's ROM prints when it starts. */
export const ROM = /^(ets [A-Z]|rst:|configsip|clk_drv|mode:|load:|entry |ESP-ROM|Build:|SPIWP|Saved PC)/

/** Espruino's greeting: its name drawn with signs, version, licence. */
export const BANNER = /^[\s_|.-]+$|espruino\.com|G\.Williams$|^Espruino is Open Source|^only by sales of/

/** Log lines of ESP-IDF, on which the firmware stands; the letter is the level. */
export const IDF_LOG = /^([EWID]) \(\d+\) /
