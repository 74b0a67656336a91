const WIPE = "\r\x1b[K"
const WIDTH = 24

/** One line on a terminal, overwritten, with rate and time left; nothing in a pipe. */
export function progressBar(name: string, to: { isTTY?: boolean; write: (text: string) => unknown } = process.stderr) {
  let startedMs: number | undefined
  return {
    show(sent: number, total: number): void {
      startedMs ??= performance.now()
      if (to.isTTY) to.write(WIPE + barText(name, sent, total, performance.now() - startedMs))
    },
    clear: () => void (to.isTTY && to.write(WIPE)),
  }
}

/** `climate ######------ 50 %  6.2 of 12.4 kB  9.8 kB/s  1 s left` */
export function barText(name: string, sent: number, total: number, tookMs: number): string {
  const share = sent / total
  const filled = Math.round(share * WIDTH)
  const bytesPerMs = sent / Math.max(tookMs, 1)
  const leftS = Math.ceil((total - sent) / bytesPerMs / 1000)
  const kB = (bytes: number) => (bytes / 1000).toFixed(1)
  const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled)
  return `${name} ${bar} ${Math.floor(share * 100)} %  ${kB(sent)} of ${kB(total)} kB  ${bytesPerMs.toFixed(1)} kB/s  ${leftS} s left`
}
