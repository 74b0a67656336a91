import { AedesBroker } from "./aedes"
import type { RealBroker } from "./broker"
import { Mosquitto, WHY_NO_MOSQUITTO } from "./mosquitto"
import { Nats, WHY_NO_NATS } from "./nats"
import { RabbitMq, WHY_NO_RABBITMQ } from "./rabbitmq"

/** Every broker of one process. Making one touches nothing; NatsCluster is apart, since its nodes start together. */
export const BROKERS: readonly { make: () => RealBroker; whyNot: string | undefined }[] = [
  { make: () => new Mosquitto(), whyNot: WHY_NO_MOSQUITTO },
  { make: () => new Nats(), whyNot: WHY_NO_NATS },
  { make: () => new RabbitMq(), whyNot: WHY_NO_RABBITMQ },
  { make: () => new AedesBroker(), whyNot: undefined },
]
