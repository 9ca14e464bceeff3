import { newId } from '@darkroom/core'
import { describe, expect, it } from 'vitest'
import { originalKey, uploadKey, variantKey } from './object-key.ts'

const project = '0199f0a0-0000-7000-8000-000000000001'
const asset = '0199f0a0-0000-7000-8000-000000000002'

describe('object keys', () => {
  it.each([
    ['uploads', uploadKey],
    ['originals', originalKey],
    ['variants', variantKey],
  ])('under %s/ are project, asset and 128 random bits', (prefix, mint) => {
    expect(mint(project, asset)).toMatch(new RegExp(`^${prefix}/${project}/${asset}/[A-Za-z0-9_-]{22}$`))
  })

  it('differ each time', () => {
    expect(new Set(Array.from({ length: 1000 }, () => uploadKey(project, newId()))).size).toBe(1000)
    expect(uploadKey(project, asset)).not.toBe(uploadKey(project, asset))
  })

  it.each(['webp', '.webp'])('take the extension %s', extension => {
    expect(variantKey(project, asset, extension)).toMatch(/[A-Za-z0-9_-]{22}\.webp$/)
  })

  it.each(['../other', '%2e%2e', '/etc', 'a\0b', '', asset.toUpperCase()])('refuse the id %j', id => {
    expect(() => uploadKey(id, asset)).toThrow(/UUID/)
    expect(() => uploadKey(project, id)).toThrow(/UUID/)
  })

  it.each(['../x', 'tar.gz', '', 'WEBP', 'a/b'])('refuse the extension %j', extension => {
    expect(() => variantKey(project, asset, extension)).toThrow(/extension/)
  })
})
