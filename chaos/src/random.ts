import { createHash } from 'node:crypto'

/** A stream of choices that a printed seed brings back. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number, both ends included. */
  int(min: number, max: number): number
  pick<T>(items: readonly T[]): T
  shuffled<T>(items: readonly T[]): T[]
  bytes(length: number): Buffer
}

/** Creates a random stream. The same parts give the same stream, so that a trial can be repeated alone. */
export function createRandom(...parts: (string | number)[]): Random {
  let state = createHash('sha256').update(parts.join('/')).digest().readUInt32LE(0)
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    pick: items => {
      const item = items[int(0, items.length - 1)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    shuffled: items =>
      items
        .map(item => ({ item, order: next() }))
        .toSorted((a, b) => a.order - b.order)
        .map(({ item }) => item),
    bytes: length => {
      const bytes = Buffer.alloc(length)
      for (let index = 0; index < length; index++) bytes[index] = next() * 256
      return bytes
    },
  }
}
