import { fileURLToPath } from "node:url"

/** The folder of motewire itself: src/, boards/ and package.json stand here, wherever the user's programs are. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url))
