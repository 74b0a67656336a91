// Babel publishes no types for its plugins; each is one function in a CommonJS default export.
declare module "@babel/plugin-transform-*" {
  const plugin: unknown
  export default plugin
}
