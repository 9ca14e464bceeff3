import { describe, expect, it } from 'vitest'
import type { Row } from '../hooks/use-rows.ts'
import { testAsset } from '../testing/test-asset.ts'
import { testItem } from '../testing/test-item.ts'
import { rowStateOf } from './row-state.ts'
import { totalsOf } from './totals.ts'
import type { UploadItem } from './upload-item.ts'

const row = (parts: Partial<UploadItem>, asset?: Row['asset']): Row => {
  const item = testItem(parts)
  return { item, asset, state: rowStateOf(item, asset) }
}
const ready = row({ phase: 'following', assetId: 'a1' }, testAsset({ status: 'ready' }))

describe('the progress of all files', () => {
  it('is over sending and processing, by bytes', () => {
    const totals = totalsOf([ready, row({ phase: 'sending', sentBytes: 5 })])
    expect(totals).toMatchObject({ open: 1, percent: 65, sentBytes: 15, totalBytes: 20 })
  })

  it('is complete when all are ready, and when there is nothing', () => {
    expect(totalsOf([ready])).toMatchObject({ open: 0, percent: 100 })
    expect(totalsOf([])).toMatchObject({ open: 0, percent: 100 })
  })

  it('leaves out what failed, and counts what is paused as open', () => {
    const failure = { code: 'EMPTY_FILE', detail: '', step: 'send', retryable: false } as const
    const totals = totalsOf([row({ phase: 'failed', failure }), row({ phase: 'paused', sentBytes: 5 })])
    expect(totals).toMatchObject({ open: 1, paused: 1, percent: 30, totalBytes: 10 })
  })
})
