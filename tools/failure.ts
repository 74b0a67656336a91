export const EXIT_OK = 0
/** The project or the machine says no: a mistake in a file, a full disk, a broker that is not there. */
export const EXIT_FAILED = 1
/** The command line itself is wrong. */
export const EXIT_USAGE = 2

/** A failure that is the user's to mend: told as it is, without a stack. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode = EXIT_FAILED,
  ) {
    super(message)
  }
}
