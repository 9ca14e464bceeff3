import { expect, it } from 'vitest'
import { staleDocuments } from './generate-docs.ts'

it('has generated documents that say what the code says; "npm run docs" renews them', async () => {
  expect(await staleDocuments()).toEqual([])
})
