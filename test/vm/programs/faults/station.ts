interface Sensor {
  read(): number
}

export class Station {
  private sensor: Sensor | undefined

  constructor(readonly name: string) {}

  report(): string {
    return this.name + ": " + this.measure() // CALLER class
  }

  private measure(): number {
    return this.sensor!.read() * 2 // FAULT class
  }
}
