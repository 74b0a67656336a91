/** Fields set for a time. When several set one, the newest counts, and the first value comes back when all are gone. */
export class Overrides {
  private readonly fields = new Map<object, Map<PropertyKey, { original: unknown; values: { value: unknown }[] }>>()

  /** `object[field]` is `value` until the result is called. */
  set<T extends object, K extends keyof T>(object: T, field: K, value: T[K]): () => void {
    const entry = { value: value as unknown }
    const { values } = this.entryOf(object, field)
    values.push(entry)
    object[field] = value
    return () => this.drop(object, field, entry)
  }

  private entryOf<T extends object>(object: T, field: keyof T) {
    const fields = this.fields.get(object) ?? new Map()
    this.fields.set(object, fields)
    if (!fields.has(field)) fields.set(field, { original: object[field], values: [] })
    return fields.get(field)!
  }

  private drop<T extends object>(object: T, field: keyof T, entry: { value: unknown }): void {
    const { original, values } = this.entryOf(object, field)
    const index = values.indexOf(entry)
    if (index < 0) return
    values.splice(index, 1)
    object[field] = (values.length ? values.at(-1)!.value : original) as T[keyof T]
    if (!values.length) this.fields.get(object)!.delete(field)
  }
}
