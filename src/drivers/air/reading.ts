/** What every sensor of temperature and humidity gives: `error` is 0 and both values are set, or it is an E_ constant and both are 0. */
export type OnReading = (error: number, temperatureC: number, humidityPct: number) => void
