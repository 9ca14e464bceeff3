import { readFileSync } from 'node:fs'
import { MEDIA_TYPES } from '@darkroom/contracts/media-types'
import { describe, expect, it } from 'vitest'
import { isTakenCodec } from './ffmpeg/codecs.ts'

const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8')
const [, taken = '', codecs = '', refused = ''] = page.split(/^## .*$/m)
const named = (text: string, pattern = /`([^`]+)`/g) => [...text.matchAll(pattern)].map(([, name = '']) => name)

describe('the page of formats', () => {
  it('names every media type that is taken, once, and no other', () => {
    expect(named(taken, /`([a-z]+\/[^`]+)`/g).toSorted()).toEqual(Object.keys(MEDIA_TYPES).toSorted())
  })

  it('names codecs that are taken', () => {
    const names = named(codecs).filter(name => name !== 'UNSUPPORTED_TYPE')
    expect(names.filter(name => !isTakenCodec(name))).toEqual([])
    expect(names.length).toBeGreaterThan(15)
  })

  it('names as refused what is refused', () => {
    const names = named(refused).filter(name => /^[a-z]+\d*$/.test(name))
    expect(names).toContain('vc1')
    expect(names.filter(isTakenCodec)).toEqual([])
  })
})
