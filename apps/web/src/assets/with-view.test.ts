import { expect, it } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { hiddenFiles, needsView, withView } from './with-view.ts'

const download = (name: string) => `https://api.example/v1/assets/a1/download?variant=${name}`
const hidden = testAsset({
  variants: [
    testVariant({ name: 'thumb', url: download('thumb') }),
    testVariant({ name: 'large', url: download('large') }),
    testVariant({ name: 'icon' }),
    testVariant({ name: 'small', status: 'pending', url: null }),
  ],
})

it('needs a view where a variant asks for the key', () => {
  expect(needsView(hidden)).toBe(true)
  expect(needsView(testAsset({ variants: [testVariant({ name: 'thumb' })] }))).toBe(false)
})

it('is the same view as long as the files are, whatever the progress', () => {
  expect(hiddenFiles(hidden)).toEqual(['thumb null', 'large null'])
  expect(hiddenFiles({ ...hidden, revision: 9, progress: 0.5 } as typeof hidden)).toEqual(hiddenFiles(hidden))
  const remade = hidden.variants.map(variant => ({ ...variant, sha256: 'x' }))
  expect(hiddenFiles({ variants: remade })).not.toEqual(hiddenFiles(hidden))
})

it('takes the URLs of the view, and shows nothing that it has none for', () => {
  const shown = withView(hidden, { thumb: 'https://api.example/v/t/thumb.webp', icon: 'https://elsewhere' })
  expect(shown.variants.map(({ name, url }) => [name, url])).toEqual([
    ['thumb', 'https://api.example/v/t/thumb.webp'],
    ['large', null],
    ['icon', 'https://cdn.example/icon'],
    ['small', null],
  ])
})
