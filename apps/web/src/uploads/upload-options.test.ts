import { describe, expect, it } from 'vitest'
import { createUploadOptions, tagsOf } from './upload-options.ts'

function setUp(items = new Map<string, string>()) {
  const storage = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
  }
  return { options: createUploadOptions(storage), items }
}

describe('what new uploads are given', () => {
  it('is nothing at first, and the same after a reload', () => {
    const { options, items } = setUp()
    expect(options.get()).toEqual({})
    options.set({ preset: 'gallery', tags: ['sea'] })
    expect(setUp(items).options.get()).toEqual({ preset: 'gallery', tags: ['sea'] })
  })

  it.each(['no json', 'null', '{"preset": 5, "tags": "a"}'])('is nothing where %s was stored', text => {
    expect(setUp(new Map([['darkroom.uploadOptions', text]])).options.get()).toEqual({})
  })

  it('has each tag once', () => expect(tagsOf(' sea, summer,, sea ')).toEqual(['sea', 'summer']))
})
