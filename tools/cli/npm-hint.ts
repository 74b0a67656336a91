const OPTIONS = ["config", "only", "broker", "port", "speed", "for", "seed", "climate", "log", "json", "plain", "trace"]

/** `npm start --speed max`: without `--` npm keeps the option for itself and says so by its environment only. */
export function npmHint(env: Record<string, string | undefined>, argv: string[]): string | undefined {
  if (env.npm_lifecycle_event !== "start") return undefined
  const kept = OPTIONS.filter((name) => env[`npm_config_${name}`] !== undefined && !argv.includes(`--${name}`))
  if (kept.length === 0) return undefined
  const names = kept.map((name) => `--${name}`).join(" and ")
  return `npm kept ${names} for itself. Options stand behind two dashes: npm start -- --${kept[0]} ...`
}
