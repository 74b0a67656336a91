/**
 * Frames of the program on V8's stack, counted up to `limit`. The chip's limit is bytes of C stack, not frames, and is
 * met wherever it is met; here it is looked at only when the program calls into the chip, and not at every call.
 */
export function frameDepth(file: string, limit: number): number {
  const { stackTraceLimit, prepareStackTrace } = Error
  const holder: { stack?: unknown } = {}
  // Our own frames between the program and here are not counted, but are captured: at most four.
  Error.stackTraceLimit = limit + 4
  Error.prepareStackTrace = (_, frames) => frames.filter((frame) => frame.getFileName()?.startsWith(file)).length
  Error.captureStackTrace(holder, frameDepth)
  const depth = holder.stack as number
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  return depth
}
