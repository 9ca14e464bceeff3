import { createHash } from 'node:crypto'

/** What the process under watch does, in order; steps of one group at once. Every key is one step at a time. */
export const BUCKET = 'power-loss'

export type Step =
  | { type: 'put' | 'multipart'; key: string; body: string; byteSize: number }
  | { type: 'copy'; key: string; from: string }
  | { type: 'hide' | 'delete'; key: string }

const put = (key: string, body: string, byteSize = 3000): Step => ({ type: 'put', key, body, byteSize })

/** Two lives of the store: the first is closed, the second begins on what that left, and is not. */
export const LIVES: readonly (readonly (readonly Step[])[])[] = [
  [
    [put('first', 'a')],
    [put('second', 'b', 70_000)],
    [put('first', 'c')],
    [put('third', 'd'), put('fourth', 'e', 20_000), put('fifth', 'f', 1)],
    [{ type: 'copy', key: 'copied', from: 'second' }],
    [{ type: 'hide', key: 'second' }],
    [{ type: 'multipart', key: 'in-parts', body: 'g', byteSize: 30_000 }],
    [{ type: 'delete', key: 'first' }],
    [put('second', 'h', 5000), { type: 'delete', key: 'third' }, put('empty', 'i', 0)],
  ],
  [
    [put('later', 'j', 9000)],
    [{ type: 'delete', key: 'fourth' }, put('fifth', 'k', 40_000)],
    [{ type: 'multipart', key: 'first', body: 'l', byteSize: 12_000 }],
    [{ type: 'delete', key: 'in-parts' }, put('third', 'm')],
  ],
]

/** Returns unique bytes for a name, the same in every process. */
export function bytesOf(body: string, byteSize: number): Buffer {
  const block = createHash('sha256').update(body).digest()
  return Buffer.alloc(byteSize, block)
}
