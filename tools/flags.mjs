/**
 * The constants of the device code where it runs on a host, in tests and tools: no schema is being read, and every part of the
 * MQTT client is there. A bundle gets its own (tools/build).
 */
export const FLAGS = {
  __SCHEMA__: "false",
  __RECORD__: "false",
  __SESSION__: "true",
  __QOS2__: "true",
  __MQTT3__: "true",
  __MQTT5__: "true",
  __SLICES__: "true",
  __BROKERS__: "true",
  __PERSISTENCE__: "true",
  __WILL__: "true",
  __LOGIN__: "true",
  __UNSUBSCRIBE__: "true",
  __UTF8__: "true",
  // A bundle has one program, which logs in one way. Here stands code for all.
  __SCRAM__: "false",
  // Whether a client speaks MQTT 5 is decided by its argument of this name.
  __FIVE__: "five",
}

/** How esbuild makes one file for Node of code that contains the device's. */
export const FOR_NODE = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  define: FLAGS,
}
