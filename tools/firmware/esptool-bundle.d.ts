// The bundle has its stubs inside: `lib` imports them as JSON, which Node 20 calls experimental on the terminal.
declare module "esptool-js/bundle.js" {
  export * from "esptool-js"
}
