declare const Function: new (body: string) => () => void

/**
 * Gives the room of erased files back, and restarts the chip. The firmware moves files under code that runs from them
 * (Espruino 2v29), so both calls stand in RAM, as the text of a function that is made from a string does. Takes some 10 s for
 * all of Storage. Power lost while a page that holds a file is erased and written again, about 50 ms each, loses
 * that page: with the program in front, three or four of them.
 */
export const compactAndRestart = (): void => new Function('E.reboot(require("Storage").compact())')()
