import type { AssetFile } from '@darkroom/db/assets'
import { expect, it } from 'vitest'
import { entryPaths } from './entry-paths.ts'

const file = (folder: string, filename: string, key = 'x.jpg') => ({ folder, filename, object: { key } }) as AssetFile

it('puts each file into its folder', () => {
  expect(entryPaths([file('', 'a.jpg'), file('2026/summer', 'b.jpg')], null)).toEqual(['a.jpg', '2026/summer/b.jpg'])
})

it('numbers files of the same path, also where only capitals differ', () => {
  const files = [file('', 'a.jpg'), file('', 'A.JPG'), file('', 'a (2).jpg'), file('b', 'a.jpg'), file('', '.env')]
  expect(entryPaths(files, null)).toEqual(['a.jpg', 'A (2).JPG', 'a (2) (2).jpg', 'b/a.jpg', '.env'])
})

it('names a variant by what it is', () => {
  const files = [file('', 'holiday.heic', 'variants/1/2/3.webp'), file('', 'no extension', 'variants/1/2/4.avif')]
  expect(entryPaths(files, 'large')).toEqual(['holiday.webp', 'no extension.avif'])
})

it('leaves no separator of Windows in a name', () => {
  expect(entryPaths([file('', 'a\\..\\b.jpg')], null)).toEqual(['a_.._b.jpg'])
})
