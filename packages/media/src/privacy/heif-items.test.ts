import { expect, it } from 'vitest'
import { readItemLocations } from './heif-items.ts'

const number = (bytes: number, value: number): Buffer => {
  const all = Buffer.alloc(8)
  all.writeBigUInt64BE(BigInt(value))
  return all.subarray(8 - bytes)
}

/** An `iloc` of version 1 without its header: one item of two parts behind byte 100. */
const locations = (bytes: number): Buffer =>
  Buffer.concat([
    Buffer.from([1, 0, 0, 0, (bytes << 4) | bytes, bytes << 4]),
    ...[1, 7, 0, 0].map(value => number(2, value)),
    number(bytes, 100),
    number(2, 2),
    ...[5, 20, 40, 60].map(value => number(bytes, value)),
  ])

it.each([4, 8])('reads where an item lies from numbers of %s bytes', bytes => {
  expect([...readItemLocations(locations(bytes))]).toEqual([
    [
      7,
      [
        [105, 20],
        [140, 60],
      ],
    ],
  ])
})

it('does not read past the end', () => {
  expect(() => [...readItemLocations(locations(8).subarray(0, -1))]).toThrow(RangeError)
})
