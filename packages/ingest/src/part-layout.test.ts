import { partBytes } from '@darkroom/storage'
import { describe, expect, it } from 'vitest'
import { divideByPartSize, divideUpload, missingParts } from './part-layout.ts'

const MIB = 1024 * 1024

describe('divideUpload', () => {
  it.each([
    ['one byte', 1, 5_000_000, 1],
    ['as much as a part must have', 5_000_000, 5_000_000, 1],
    ['a byte more than that', 5_000_001, 5_000_000, 2],
    ['twice that', 10_000_000, 5_000_000, 2],
    ['what two parts hold', 24_000_001, 12_000_001, 2],
    ['100 MB', 100_000_000, 16 * MIB, 6],
    ['what 10,000 parts of 16 MiB hold', 160_000 * MIB, 16 * MIB, 10_000],
    ['a byte more than 10,000 such parts', 160_000 * MIB + 1, 16 * MIB + 1, 10_000],
    ['10 TB', 10e12, 1e9, 10_000],
  ])('cuts %s', (_name, byteSize, partSize, partCount) => {
    const layout = divideUpload(byteSize)
    expect(layout).toEqual({ partSize, partCount })
    const last = partBytes(layout, byteSize, partCount)
    expect(last).toBeGreaterThan(0)
    expect(last).toBeLessThanOrEqual(partSize)
    expect(partSize * (partCount - 1) + last).toBe(byteSize)
  })
})

describe('divideByPartSize', () => {
  it.each([
    ['a file smaller than a part', 10, 5_000_000, 1],
    ['whole parts', 15_000_000, 5_000_000, 3],
    ['a last part of one byte', 10 * MIB + 1, 5 * MIB, 3],
    ['10,000 parts', 50_000_000_000, 5_000_000, 10_000],
  ])('cuts %s exactly as asked', (_name, byteSize, partSize, partCount) => {
    expect(divideByPartSize(byteSize, partSize)).toEqual({ partSize, partCount })
  })

  it('refuses more than 10,000 parts', () => {
    expect(() => divideByPartSize(50_000_000_001, 5_000_000)).toThrow(/10001 parts .* use a larger partSize/)
  })
})

describe('missingParts', () => {
  it('names those that are not there', () => {
    const layout = { partSize: 5, partCount: 4 }
    expect(missingParts(layout, [{ partNumber: 2 }, { partNumber: 4 }])).toEqual([1, 3])
    expect(missingParts(layout, [])).toEqual([1, 2, 3, 4])
  })
})
