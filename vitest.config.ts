import { fileURLToPath } from "node:url"
import { defineConfig, type Plugin } from "vitest/config"
import { FLAGS } from "./tools/flags.mjs"
import type { Reporter, TestModule } from "vitest/node"

const src = fileURLToPath(new URL("./src/", import.meta.url))

/** The closing line that .ci/run reads; a file that does not even load counts as one failure. */
const tally: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) count[test.result().state]++
      if (module.state() === "failed" && !tests.some((test) => test.result().state === "failed")) count.failed++
    }
    // After the default reporter's own summary, which is printed in the same event.
    setImmediate(() =>
      process.stdout.write(
        `${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped\n`,
      ),
    )
  },
}

const { __FIVE__, ...flags } = FLAGS

/** Vitest makes a global of each constant, which this one cannot be: it stands for a variable. */
const five: Plugin = {
  name: "five",
  enforce: "pre",
  transform: (code, id) => (id.startsWith(src) ? code.replaceAll(/\b__FIVE__\b/g, __FIVE__) : undefined),
}

export default defineConfig({
  define: flags,
  plugins: [five],
  resolve: {
    alias: [
      { find: /^motewire\/sim$/, replacement: fileURLToPath(new URL("./tools/sim/index.ts", import.meta.url)) },
      { find: /^motewire$/, replacement: `${src}index.ts` },
      { find: /^motewire\/(.*)$/, replacement: `${src}$1` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts", "*/*.test.ts"],
    globalSetup: "test/temporary-folder.ts",
    testTimeout: 20_000,
    // Real brokers, interpreters and the wall clock share the machine with all else there: a CI run gives a test that failed two more
    // tries, and says so. Everywhere else a failure is one at once.
    retry: process.env["CI"] ? 2 : 0,
    reporters: ["default", tally],
  },
})
