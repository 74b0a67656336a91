/**
 * The standard library of the chip: Espruino 2v29, builds without Unicode. What the interpreter lacks is not declared,
 * so that the editor refuses it; what differs from other engines says so where it stands.
 * Pins, timers and modules are not here: src/hal/espruino declares them for itself.
 */

declare const NaN: number
declare const Infinity: number
declare function parseInt(text: string, radix?: number): number
declare function parseFloat(text: string): number
declare function isNaN(value: unknown): boolean
declare function isFinite(value: unknown): boolean
/** Right for ASCII only: bytes from 0x80 come out wrong. */
declare function encodeURIComponent(text: string): string
declare function decodeURIComponent(text: string): string
declare function btoa(bytes: string): string
declare function atob(base64: string): string

interface Object {
  toString(): string
  valueOf(): Object
  hasOwnProperty(key: string | number): boolean
}

interface ObjectConstructor {
  readonly prototype: Object
  assign<T extends object, U>(target: T, source: U): T & U
  assign<T extends object>(target: T, ...sources: object[]): T
  create(prototype: object | null): any
  /** `enumerable: false` is ignored. */
  defineProperty<T>(target: T, key: string, property: PropertyDescriptor): T
  /** In order of insertion, integer-like keys too. */
  keys(value: object): string[]
  values<T>(value: { [key: string]: T }): T[]
  entries<T>(value: { [key: string]: T }): [string, T][]
  fromEntries<T>(entries: [string, T][]): { [key: string]: T }
  getOwnPropertyNames(value: object): string[]
  getPrototypeOf(value: object): any
  setPrototypeOf<T>(value: T, prototype: object | null): T
}
declare const Object: ObjectConstructor

interface PropertyDescriptor {
  value?: any
  writable?: boolean
  get?(): any
  set?(value: any): void
}

/** No `name`; `length` does not shrink by `bind`. */
interface Function {
  readonly length: number
  prototype: any
  /** At most 256 arguments. */
  apply(this: Function, self: any, args?: any): any
  call(this: Function, self: any, ...args: any[]): any
  bind(this: Function, self: any, ...args: any[]): any
}
interface CallableFunction extends Function {
  apply<T, R>(this: (this: T) => R, self: T): R
  apply<T, A extends any[], R>(this: (this: T, ...args: A) => R, self: T, args: A): R
  call<T, A extends any[], R>(this: (this: T, ...args: A) => R, self: T, ...args: A): R
  bind<T>(this: T, self: ThisParameterType<T>): OmitThisParameter<T>
  bind<T, A extends any[], B extends any[], R>(
    this: (this: T, ...args: [...A, ...B]) => R,
    self: T,
    ...args: A
  ): (...args: B) => R
}
interface NewableFunction extends Function {}
interface IArguments {}
type ThisParameterType<T> = T extends (this: infer U, ...args: never) => any ? U : unknown
type OmitThisParameter<T> =
  unknown extends ThisParameterType<T> ? T : T extends (...args: infer A) => infer R ? (...args: A) => R : T

/** Bytes: `length` counts them, `charCodeAt` gives 0 to 255. */
interface String {
  readonly length: number
  readonly [index: number]: string
  charAt(index: number): string
  charCodeAt(index: number): number
  indexOf(part: string, from?: number): number
  lastIndexOf(part: string, from?: number): number
  includes(part: string, from?: number): boolean
  startsWith(part: string, from?: number): boolean
  endsWith(part: string, end?: number): boolean
  slice(start?: number, end?: number): string
  substring(start: number, end?: number): string
  substr(start: number, length?: number): string
  /** `$&` and `$1` in `by` mean nothing. */
  replace(what: string | RegExp, by: string | ((match: string, ...groups: any[]) => string)): string
  replaceAll(what: string | RegExp, by: string | ((match: string, ...groups: any[]) => string)): string
  match(pattern: RegExp): RegExpMatchArray | null
  /** There is no limit argument. */
  split(separator?: string | RegExp): string[]
  toLowerCase(): string
  toUpperCase(): string
  trim(): string
  concat(...parts: string[]): string
  repeat(count: number): string
  padStart(length: number, fill?: string): string
  padEnd(length: number, fill?: string): string
  toString(): string
}
interface StringConstructor {
  readonly prototype: never
  (value?: any): string
  fromCharCode(...codes: number[]): string
}
declare const String: StringConstructor

interface Boolean {}
interface BooleanConstructor {
  (value?: unknown): boolean
}
declare const Boolean: BooleanConstructor

interface Number {
  toString(radix?: number): string
  /** `toFixed(0)` cuts off instead of rounding. */
  toFixed(decimals: number): string
}
interface NumberConstructor {
  readonly prototype: never
  (value?: any): number
  readonly MAX_VALUE: number
  readonly MIN_VALUE: number
  readonly NaN: number
  readonly NEGATIVE_INFINITY: number
  readonly POSITIVE_INFINITY: number
}
declare const Number: NumberConstructor

interface Math {
  readonly E: number
  readonly LN10: number
  readonly LN2: number
  readonly LOG10E: number
  readonly LOG2E: number
  readonly PI: number
  readonly SQRT1_2: number
  readonly SQRT2: number
  abs(x: number): number
  acos(x: number): number
  asin(x: number): number
  atan(x: number): number
  atan2(y: number, x: number): number
  ceil(x: number): number
  cos(x: number): number
  exp(x: number): number
  floor(x: number): number
  log(x: number): number
  max(...values: number[]): number
  min(...values: number[]): number
  pow(base: number, exponent: number): number
  /** The same sequence on every boot until the chip's generator is seeded. */
  random(): number
  /** Halves away from zero: -2.5 gives -3. */
  round(x: number): number
  sign(x: number): number
  sin(x: number): number
  sqrt(x: number): number
  tan(x: number): number
}
declare const Math: Math

interface JSON {
  /** Accepts more than JSON; there is no reviver. */
  parse(text: string): any
  /** Bytes from 0x7F become \u00XX: give it Latin-1, not UTF-8. There is no list of keys. */
  stringify(value: any, replacer?: null, indent?: number | string): string
}
declare const JSON: JSON

interface TemplateStringsArray extends ReadonlyArray<string> {}

interface RegExpMatchArray extends Array<string> {
  index?: number
  input?: string
}
interface RegExpExecArray extends Array<string> {
  index: number
  input: string
}
/** Literals only; tools/build/gate/regexp.ts lists the syntax that the chip mismatches. */
interface RegExp {
  readonly source: string
  lastIndex: number
  exec(text: string): RegExpExecArray | null
  test(text: string): boolean
}

/** Errors thrown by the interpreter itself carry no `name`. */
interface Error {
  message: string
  stack?: string
}
interface ErrorConstructor {
  new (message?: string): Error
  (message?: string): Error
}
declare const Error: ErrorConstructor
declare const TypeError: ErrorConstructor
declare const SyntaxError: ErrorConstructor
declare const ReferenceError: ErrorConstructor

interface Date {
  getTime(): number
  getFullYear(): number
  getMonth(): number
  getDate(): number
  getDay(): number
  getHours(): number
  getMinutes(): number
  getSeconds(): number
  getMilliseconds(): number
  getTimezoneOffset(): number
  toISOString(): string
  valueOf(): number
}
interface DateConstructor {
  new (atMs?: number | string): Date
  new (year: number, month: number, day?: number, hour?: number, minute?: number, second?: number, ms?: number): Date
  /** Fractions are microseconds. */
  now(): number
  parse(text: string): number
}
declare const Date: DateConstructor

interface PromiseLike<T> {
  then<R>(onDone: (value: T) => R | PromiseLike<R>, onError?: (reason: any) => R | PromiseLike<R>): PromiseLike<R>
}
/** Present but not awaited: each costs blocks, and callbacks bound once do the same for less. */
interface Promise<T> {
  then<R>(onDone: (value: T) => R | PromiseLike<R>, onError?: (reason: any) => R | PromiseLike<R>): Promise<R>
  catch<R>(onError: (reason: any) => R | PromiseLike<R>): Promise<T | R>
}
interface PromiseConstructor {
  new <T>(run: (resolve: (value: T) => void, reject: (reason?: any) => void) => void): Promise<T>
  all<T>(promises: (T | PromiseLike<T>)[]): Promise<T[]>
  resolve<T>(value: T): Promise<T>
  reject<T = never>(reason?: any): Promise<T>
}
declare const Promise: PromiseConstructor

interface ConcatArray<T> {
  readonly length: number
  readonly [index: number]: T
}
interface ReadonlyArray<T> {
  readonly length: number
  readonly [index: number]: T
  indexOf(item: T, from?: number): number
  includes(item: T, from?: number): boolean
  join(separator?: string): string
  map<U>(run: (item: T, index: number, array: readonly T[]) => U, self?: any): U[]
  forEach(run: (item: T, index: number, array: readonly T[]) => void, self?: any): void
  filter<S extends T>(keep: (item: T, index: number, array: readonly T[]) => item is S, self?: any): S[]
  filter(keep: (item: T, index: number, array: readonly T[]) => unknown, self?: any): T[]
  find<S extends T>(is: (item: T, index: number, array: readonly T[]) => item is S, self?: any): S | undefined
  find(is: (item: T, index: number, array: readonly T[]) => unknown, self?: any): T | undefined
  findIndex(is: (item: T, index: number, array: readonly T[]) => unknown, self?: any): number
  some(is: (item: T, index: number, array: readonly T[]) => unknown, self?: any): boolean
  every(is: (item: T, index: number, array: readonly T[]) => unknown, self?: any): boolean
  reduce(run: (sum: T, item: T, index: number, array: readonly T[]) => T): T
  reduce<U>(run: (sum: U, item: T, index: number, array: readonly T[]) => U, initial: U): U
  slice(start?: number, end?: number): T[]
  concat(...more: (T | ConcatArray<T>)[]): T[]
}
/** `length` cannot be assigned: shorten with `splice`. */
interface Array<T> extends ReadonlyArray<T> {
  [index: number]: T
  push(...items: T[]): number
  pop(): T | undefined
  shift(): T | undefined
  unshift(...items: T[]): number
  splice(start: number, count?: number, ...items: T[]): T[]
  /** Not stable, and recursive. */
  sort(compare?: (a: T, b: T) => number): this
  fill(value: T, start?: number, end?: number): this
  reverse(): this
}
interface ArrayConstructor {
  /** Methods of natives are not reachable through their prototypes: write `[].slice.call(x)`. */
  readonly prototype: never
  new <T = any>(length?: number): T[]
  <T = any>(length?: number): T[]
  isArray(value: any): value is any[]
}
declare const Array: ArrayConstructor

type PropertyKey = string | number
type Partial<T> = { [K in keyof T]?: T[K] }
type Required<T> = { [K in keyof T]-?: T[K] }
type Readonly<T> = { readonly [K in keyof T]: T[K] }
type Pick<T, K extends keyof T> = { [P in K]: T[P] }
type Record<K extends PropertyKey, T> = { [P in K]: T }
type Exclude<T, U> = T extends U ? never : T
type Extract<T, U> = T extends U ? T : never
type Omit<T, K extends PropertyKey> = Pick<T, Exclude<keyof T, K>>
type NonNullable<T> = T & {}
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any
type InstanceType<T extends abstract new (...args: any) => any> = T extends abstract new (...args: any) => infer R
  ? R
  : any
interface ThisType<T> {}

interface ArrayBuffer {
  readonly byteLength: number
}
interface ArrayBufferConstructor {
  new (byteLength: number): ArrayBuffer
}
declare const ArrayBuffer: ArrayBufferConstructor

/** Reads out of range give 0 and writes are dropped. */
interface DataView {
  readonly buffer: ArrayBuffer
  getInt8(at: number): number
  getUint8(at: number): number
  getInt16(at: number, littleEndian?: boolean): number
  getUint16(at: number, littleEndian?: boolean): number
  getInt32(at: number, littleEndian?: boolean): number
  getUint32(at: number, littleEndian?: boolean): number
  getFloat32(at: number, littleEndian?: boolean): number
  getFloat64(at: number, littleEndian?: boolean): number
  setInt8(at: number, value: number): void
  setUint8(at: number, value: number): void
  setInt16(at: number, value: number, littleEndian?: boolean): void
  setUint16(at: number, value: number, littleEndian?: boolean): void
  setInt32(at: number, value: number, littleEndian?: boolean): void
  setUint32(at: number, value: number, littleEndian?: boolean): void
  setFloat32(at: number, value: number, littleEndian?: boolean): void
  setFloat64(at: number, value: number, littleEndian?: boolean): void
}
interface DataViewConstructor {
  new (buffer: ArrayBuffer, offset?: number, length?: number): DataView
}
declare const DataView: DataViewConstructor

/** What every typed array has; made once and kept, for each costs 3 blocks and more. */
interface TypedArray {
  readonly length: number
  readonly byteLength: number
  readonly byteOffset: number
  readonly buffer: ArrayBuffer
  [index: number]: number
  /** A string's bytes are copied without a loop; what does not fit is cut off in silence. */
  set(source: string | ArrayLike<number>, offset?: number): void
  subarray(start?: number, end?: number): this
  /** A plain array, 1 to 2 blocks per item. */
  slice(start?: number, end?: number): number[]
  map(run: (item: number, index: number) => number, self?: any): this
  /** A plain array. */
  filter(keep: (item: number, index: number) => unknown, self?: any): number[]
  indexOf(item: number, from?: number): number
  includes(item: number, from?: number): boolean
  join(separator?: string): string
  forEach(run: (item: number, index: number) => void, self?: any): void
  reduce<U>(run: (sum: U, item: number, index: number) => U, initial: U): U
  find(is: (item: number, index: number) => unknown, self?: any): number | undefined
  findIndex(is: (item: number, index: number) => unknown, self?: any): number
  some(is: (item: number, index: number) => unknown, self?: any): boolean
  every(is: (item: number, index: number) => unknown, self?: any): boolean
  sort(compare?: (a: number, b: number) => number): this
  fill(value: number, start?: number, end?: number): this
  reverse(): this
}
interface ArrayLike<T> {
  readonly length: number
  readonly [index: number]: T
}
interface TypedArrayConstructor<T> {
  new (source: number | ArrayLike<number>): T
  /** Not checked against the end of the buffer. */
  new (buffer: ArrayBuffer, offset?: number, length?: number): T
}
interface Int8Array extends TypedArray {}
declare const Int8Array: TypedArrayConstructor<Int8Array>
interface Uint8Array extends TypedArray {}
declare const Uint8Array: TypedArrayConstructor<Uint8Array>
interface Uint8ClampedArray extends TypedArray {}
declare const Uint8ClampedArray: TypedArrayConstructor<Uint8ClampedArray>
interface Int16Array extends TypedArray {}
declare const Int16Array: TypedArrayConstructor<Int16Array>
interface Uint16Array extends TypedArray {}
declare const Uint16Array: TypedArrayConstructor<Uint16Array>
interface Uint24Array extends TypedArray {}
declare const Uint24Array: TypedArrayConstructor<Uint24Array>
interface Int32Array extends TypedArray {}
declare const Int32Array: TypedArrayConstructor<Int32Array>
interface Uint32Array extends TypedArray {}
declare const Uint32Array: TypedArrayConstructor<Uint32Array>
interface Float32Array extends TypedArray {}
declare const Float32Array: TypedArrayConstructor<Float32Array>
interface Float64Array extends TypedArray {}
declare const Float64Array: TypedArrayConstructor<Float64Array>
