import type { Connection } from "../network/connection"
import type { Service } from "../network/tcp"
import type { Broker } from "./broker"

/** The broker as something that listens in the simulated network. */
export function brokerService(broker: Broker): Service {
  return {
    isListening: () => broker.isRunning,
    accept(connection: Connection): void {
      const { service } = connection
      const client = broker.accept({
        peer: connection.line.device,
        write: (bytes) => service.send(bytes.toString("latin1")),
        close: () => service.close(),
        onAccepted: () => (connection.isOnline = true),
      })
      service.onData = (bytes) => client.receive(Buffer.from(bytes, "latin1"))
      service.onClose = (reason) =>
        client.onStreamClosed(reason === "fin" ? "connection closed" : `connection ${reason}`)
    },
  }
}
