import { expect, it } from 'vitest'
import { affectedText } from './incident-words.ts'

it.each([
  [12, 2, '12 assets of 2 projects'],
  [1, 1, '1 asset of 1 project'],
  [1200, null, '1,200 assets'],
  [null, 1, '1 project'],
  [0, 0, 'nobody so far'],
  [null, null, 'possibly everybody'],
])('%s assets and %s projects are %s', (assets, projects, text) =>
  expect(affectedText({ assets, projects, projectIds: [] })).toBe(text),
)
