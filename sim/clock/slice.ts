import vm from "node:vm"

/** Host work between two looks at the world outside (real sockets, Ctrl-C). */
const SLICE_MS = 50

/**
 * Runs host work that may call into programs, under one watchdog: V8 terminates whatever is running once `limitMs` of
 * host time are over, even `for (;;) {}`. Neither `catch` nor `finally` of the terminated code runs. The work itself
 * should return when `mayGoOn` says no. A watchdog costs about 60 us, hence one per slice and not one per callback.
 * Returns false when the work was terminated.
 */
export function runSlice(work: (mayGoOn: () => boolean) => void, limitMs: number): boolean {
  const endMs = performance.now() + Math.min(SLICE_MS, limitMs / 2)
  trampoline.work = () => work(() => performance.now() < endMs)
  try {
    script.runInContext(context, { timeout: limitMs })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false
    throw error
  } finally {
    trampoline.work = undefined
  }
}

const trampoline: { work?: () => void } = {}
const context = vm.createContext(trampoline)
const script = new vm.Script("work()", { filename: "slice" })
