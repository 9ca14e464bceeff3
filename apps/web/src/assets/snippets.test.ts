import { expect, test } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { imgSnippet, readyVariants, variantsJson } from './snippets.ts'

const thumb = testVariant({ name: 'thumb', width: 256, height: 256 })
const small = testVariant({ name: 'small' })
const large = testVariant({ name: 'large', width: 1600, height: 1200, url: 'https://cdn.example/large?a=1&b="2"' })
const jpeg = testVariant({ name: 'jpeg', contentType: 'image/jpeg', width: 1280, height: 960 })
const pending = testVariant({ name: 'pending', status: 'pending', url: null })
const asset = testAsset({ variants: [large, pending, jpeg, small, thumb] })

test('lists what is ready, the smallest first', () => {
  expect(readyVariants(asset).map(variant => variant.name)).toEqual(['thumb', 'small', 'jpeg', 'large'])
})

test('offers uncropped images of one format in a srcset, with escaped URLs', () => {
  const snippet = imgSnippet(asset)
  expect(snippet).toContain('https://cdn.example/small 640w')
  expect(snippet).toContain('https://cdn.example/large?a=1&amp;b=&quot;2&quot; 1600w')
  expect(snippet).toContain('width="1600" height="1200"')
  expect(snippet).not.toContain('thumb')
  expect(snippet).not.toContain('jpeg')
})

test('takes each width once', () => {
  const twin = testVariant({ name: 'twin' })
  expect(imgSnippet(testAsset({ variants: [small, twin] }))?.match(/640w/g)).toHaveLength(1)
})

test('has no snippet without an image', () => {
  expect(imgSnippet(testAsset({ variants: [pending] }))).toBeNull()
})

test('writes the ready variants as JSON', () => {
  expect(JSON.parse(variantsJson(testAsset({ variants: [small, pending] })))).toEqual({
    id: 'a1',
    filename: 'cat.jpg',
    variants: [
      {
        name: 'small',
        url: 'https://cdn.example/small',
        contentType: 'image/webp',
        width: 640,
        height: 480,
        byteSize: 1000,
      },
    ],
  })
})
