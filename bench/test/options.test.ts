import { expect, it } from 'vitest'
import { readOptions } from '../src/options.ts'

const THERE = import.meta.dirname

it('publishes the medians of at least three rounds over the whole corpus', () => {
  const options = readOptions(['--publish'], THERE)
  expect(options).toMatchObject({ photosFolder: null, maxPhotos: Infinity, rounds: 3 })
  expect(options?.jsonFile).toMatch(/bench\/published\/photos\.json$/)
  expect(readOptions(['--publish', '--rounds', '5'], THERE)?.rounds).toBe(5)
})

it.each([
  ['without the corpus', ['--publish'], '/nowhere/bench', 'expected the shared corpus at /nowhere/bench'],
  ['of two rounds', ['--publish', '--rounds', '2'], THERE, 'expected at least 3 rounds, got 2'],
  ['of some photos', ['--publish', '--limit', '2'], THERE, 'expected the whole corpus'],
  ['of a quick run', ['--publish', '--quick'], THERE, 'expected the whole corpus'],
])('publishes nothing %s', (_, args, corpus, message) => {
  expect(() => readOptions(args, corpus)).toThrow(message)
})

it('measures without publishing where there is no corpus, in as many rounds as asked for', () => {
  const options = readOptions(['--rounds', '1'], '/nowhere/bench')
  expect(options?.rounds).toBe(1)
  expect(options?.jsonFile).toMatch(/bench\/results\/latest\.json$/)
})
