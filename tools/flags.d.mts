/** What stands in for each constant, as source text. */
export declare const FLAGS: { [name: string]: string; __FIVE__: string }

/** Options of esbuild. */
export declare const FOR_NODE: {
  bundle: true
  format: "esm"
  platform: "node"
  target: string
  packages: "external"
  define: { [name: string]: string }
}
