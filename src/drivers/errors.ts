/** What a sensor's reading may end with instead of a value; docs/drivers.md says what to look at. */

/** Nobody acknowledged or pulled the line: no sensor, no power, a wrong address, or a line stuck at one level. */
export const E_NO_ANSWER = -1
/** Fewer bits or bytes than an answer has. */
export const E_SHORT_FRAME = -2
export const E_CHECKSUM = -3
/** An answer with a right checksum and a value that the part cannot measure, or that says "broken wire". */
export const E_RANGE = -4
/** A sample is under way already. */
export const E_BUSY = -5
/** Another part answers at this address. */
export const E_WRONG_PART = -6
/** The part is there, and did not finish a conversion in its worst-case time. */
export const E_NOT_READY = -7
