import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

/** Each source keeps its own import.meta.url: folders are found from where the source stands, not the bundle. */
export const ownUrls = {
  name: "own-urls",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](tools|sim)[\\/].*\.ts$/ }, ({ path: file }) => {
      const text = readFileSync(file, "utf8")
      if (!text.includes("import.meta.url")) return undefined
      return { contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(file).href)), loader: "ts" }
    })
  },
}
