import { expect, it } from 'vitest'
import { advisoriesOf } from './advisories.ts'
import { versions } from './versions.ts'

it.each([
  [{ libwebp: '1.3.1' }, ['libwebp 1.3.1 has CVE-2023-4863, fixed in 1.3.2']],
  [{ libwebp: '1.3.2' }, []],
  [{ libwebp: '1.10.0', libvips: '8.18' }, []],
  [{ libvips: '8.14.3', libwebp: '' }, ['libvips 8.14.3 has CVE-2023-40032, fixed in 8.14.4']],
  [{ sharp: '0.34.5' }, ['sharp 0.34.5 has GHSA-f88m-g3jw-g9cj, GHSA-rgj7-g3m4-5g8c, fixed in 0.35.4']],
])('knows the holes of %j', (found, holes) => {
  expect(advisoriesOf(found)).toEqual(holes)
})

it('knows none of what is installed', () => {
  expect(advisoriesOf(versions())).toEqual([])
})
