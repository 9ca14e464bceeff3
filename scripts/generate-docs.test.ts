import { expect, it } from 'vitest'
import { configDocument, staleDocuments } from './generate-docs.ts'
import { undescribedFields } from './presets-document.ts'

it('has generated documents that say what the code says; "npm run docs" renews them', async () => {
  expect(await staleDocuments()).toEqual([])
})

it('says of every variable what it means', () => {
  const rows = configDocument().split('\n')
  expect(rows.filter(row => /\|\s*\|$/.test(row))).toEqual([])
})

it('says of every field of a preset what it means', () => {
  expect(undescribedFields()).toEqual([])
})
