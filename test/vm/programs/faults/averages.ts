/** Of numbers, each with an offset that nobody gave. */
export function average(values: number[], offsets?: { first: number }): number {
  let sum = 0
  values.forEach((value) => {
    const shifted = value * 2
    sum += shifted + offsets!.first // FAULT callback
  }) // CALLER callback
  return sum / values.length
}
