interface Answer {
  body: { length: number }
}

const ask = (): Promise<Answer> => Promise.resolve({} as Answer)

export function load(): void {
  ask().then((answer) => {
    const size = answer.body.length // FAULT promise
    if (size > 0) load()
  })
}
