import { expect, test } from 'vitest'
import { testAsset } from '../testing/test-asset.ts'
import { chaptersOf } from './chapters.ts'

const intro = { startMs: 0, endMs: 9000, title: 'Intro' }

test.each([
  ['those that there are', { chapters: [intro] }, [intro]],
  ['none where there are none', {}, []],
  ['none of what is something else', { chapters: [null, 'Intro', { title: 'Intro' }] }, []],
  ['none of a word', { chapters: 'Intro' }, []],
])('reads %s', (_, facts, expected) => {
  expect(chaptersOf(testAsset({ facts }))).toEqual(expected)
})
