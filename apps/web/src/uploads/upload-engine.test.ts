import type { UploadInstructions, UploadState } from '@darkroom/contracts'
import { describe, expect, test } from 'vitest'
import type { Api } from '../api/api.ts'
import { ApiError } from '../api/api-error.ts'
import { createGate } from '../api/gate.ts'
import { createOutageRetry } from '../api/outage-retry.ts'
import { createAssetStore } from '../assets/asset-store.ts'
import { testAsset } from '../testing/test-asset.ts'
import { testItem } from '../testing/test-item.ts'
import type { Failure } from './failure.ts'
import type { TransferEvents } from './transfer.ts'
import { createUploadEngine } from './upload-engine.ts'
import { createUploadStore } from './upload-store.ts'

const single: UploadInstructions = {
  id: 'u1',
  type: 'single',
  method: 'PUT',
  url: 'https://store/x',
  headers: {},
  expiresAt: '',
}
const inParts: UploadInstructions = { id: 'u1', type: 'multipart', partSize: 5, partCount: 3, parts: [], expiresAt: '' }
const state: UploadState = {
  id: 'u1',
  assetId: 'a1',
  type: 'multipart',
  state: 'awaiting_upload',
  byteSize: 15,
  receivedBytes: 5,
  partSize: 5,
  partCount: 3,
  parts: [{ partNumber: 2, byteSize: 5, etag: 'e' }],
  expiresAt: '',
}

/** An engine on a service that always succeeds unless `faults` says otherwise, and a transfer that ends when told. */
function setUp(
  faults: Partial<Record<'confirm' | 'abort' | 'sign', ApiError>> = {},
  given: UploadInstructions = single,
) {
  const calls: string[] = []
  const answer = <T>(call: string, fault: ApiError | undefined, value: T) => {
    calls.push(call)
    return fault ? Promise.reject(fault) : Promise.resolve(value)
  }
  const asset = testAsset({ status: 'awaiting_upload' })
  const confirmed = { asset: testAsset({ status: 'processing', revision: 2 }) } as Awaited<
    ReturnType<Api['confirmUpload']>
  >
  const api: Api = {
    status: () => Promise.reject(new Error('not used')),
    listAssets: () => Promise.reject(new Error('not used')),
    openView: () => Promise.reject(new Error('not used')),
    createUpload: (_, key) => answer(`create ${key}`, faults.sign, { asset, upload: given, clientToken: 't' }),
    renewUpload: () => answer('renew', undefined, { upload: given }),
    readUpload: () => answer('state', undefined, state),
    signParts: (_, numbers) =>
      answer(`parts ${numbers}`, undefined, {
        parts: numbers.map(partNumber => ({ partNumber, url: `https://store/${partNumber}`, byteSize: 5 })),
        expiresAt: '',
      }),
    confirmUpload: () => answer('confirm', faults.confirm, confirmed),
    abortUpload: () => answer('abort', faults.abort, undefined),
    deleteAsset: () => answer('delete', undefined, undefined),
    reprocessAsset: () => answer('reprocess', undefined, undefined),
    readAssets: () => answer('read', undefined, [testAsset({ status: 'processing', revision: 9 })]),
  }
  let events: TransferEvents | undefined
  const uploads = createUploadStore()
  const assets = createAssetStore()
  const gate = createGate()
  const engine = createUploadEngine({
    api,
    uploads,
    assets,
    gate,
    outageRetry: createOutageRetry({
      gate,
      async checkService() {
        calls.push('check')
        gate.set('offline', faults.sign?.status === null)
      },
    }),
    newId: () => 'k2',
    createTransfer(given) {
      events = given
      return { start: id => void calls.push(`start ${id}`), cancel: id => void calls.push(`cancel ${id}`) }
    },
  })
  if (!events) throw new Error('the engine made no transfer')
  return { engine, uploads, assets, gate, faults, calls, transfer: events }
}

const settled = () => new Promise(resolve => setTimeout(resolve))
const networkFault = new ApiError({ code: 'NETWORK', detail: 'gone', status: null, retryAfterMs: null })
const problem = (status: number, code: string) => new ApiError({ code, detail: code, status, retryAfterMs: null })

describe('the upload engine', () => {
  test('signs, confirms once the bytes are sent, and then follows the asset', async () => {
    const { engine, uploads, assets, calls, transfer } = setUp()
    engine.add([testItem()])
    expect(await transfer.sign('i1')).toEqual({ url: 'https://store/x', headers: {} })
    expect(uploads.get('i1')).toMatchObject({ phase: 'sending', uploadId: 'u1', assetId: 'a1' })
    transfer.onSent('i1')
    await settled()
    expect(uploads.get('i1')?.phase).toBe('following')
    expect(assets.all().get('a1')?.status).toBe('processing')
    expect(calls).toEqual(['start i1', 'create k1', 'confirm'])
  })

  test('plans a file in parts and signs each when its turn has come', async () => {
    const { engine, calls, transfer } = setUp({}, inParts)
    engine.add([testItem()])
    expect(await transfer.layout('i1')).toEqual({ partSize: 5, partCount: 3, present: [] })
    expect(await transfer.signPart('i1', 3)).toEqual({ url: 'https://store/3', headers: {} })
    expect(calls).toEqual(['start i1', 'create k1', 'parts 3'])
  })

  test('asks which parts arrived when the file is sent again', async () => {
    const { engine, calls, transfer } = setUp({}, inParts)
    engine.add([testItem()])
    await transfer.layout('i1')
    calls.length = 0
    expect(await transfer.layout('i1')).toEqual({ partSize: 5, partCount: 3, present: [2] })
    expect(calls).toEqual(['renew', 'state'])
  })

  test('signs and confirms nothing while the service is away, and all once it is back', async () => {
    const { engine, uploads, gate, calls, transfer } = setUp()
    engine.add([testItem()])
    gate.set('offline', true)
    const signing = transfer.sign('i1')
    await settled()
    expect(calls).toEqual(['start i1'])
    gate.set('offline', false)
    await signing
    gate.set('keyless', true)
    transfer.onSent('i1')
    await settled()
    expect(calls.slice(1)).toEqual(['create k1'])
    gate.set('keyless', false)
    await settled()
    expect(uploads.get('i1')?.phase).toBe('following')
  })

  test('waits for the end of an outage that begins while it asks', async () => {
    const { engine, uploads, gate, faults, calls, transfer } = setUp({ sign: networkFault })
    engine.add([testItem()])
    const signing = transfer.sign('i1')
    await settled()
    expect(calls).toEqual(['start i1', 'create k1', 'check'])
    expect(uploads.get('i1')?.phase).toBe('waiting')
    delete faults.sign
    gate.set('offline', false)
    await signing
    expect(calls.slice(3)).toEqual(['create k1'])
  })

  test('sends again by itself what an outage cut off, and fails what the store alone refused', async () => {
    const { engine, uploads, gate, faults, calls, transfer } = setUp()
    engine.add([testItem()])
    await transfer.sign('i1')
    const lost = Object.assign(new Error('Network error'), { code: 'NETWORK' })
    faults.sign = networkFault
    transfer.onFailed('i1', lost)
    await expect.poll(() => uploads.get('i1')?.phase).toBe('waiting')
    expect(calls.slice(2)).toEqual(['check'])
    delete faults.sign
    gate.set('offline', false)
    await expect.poll(() => calls.slice(3)).toEqual(['start i1'])
    await transfer.sign('i1')
    transfer.onFailed('i1', lost)
    await expect.poll(() => uploads.get('i1')?.failure?.code).toBe('NETWORK')
  })

  test('retries many at once, and leaves those that cannot be as they are', async () => {
    const setup = setUp({ confirm: problem(409, 'UPLOAD_INCOMPLETE') })
    await failedConfirm(setup)
    const failure: Failure = { code: 'NETWORK', detail: '', step: 'process', retryable: true }
    const item = setup.uploads.get('i1')
    if (!item?.failure) throw new Error('the file did not fail')
    const following = testItem({ id: 'i2', phase: 'following', assetId: 'a2' })
    await setup.engine.retryAll([
      { item: following, failure },
      { item, failure: item.failure },
    ])
    expect(setup.calls.toSorted()).toEqual(['read', 'reprocess', 'start i1'])
  })

  test('lets go of all files without a word to the service', async () => {
    const { engine, uploads, calls } = setUp()
    engine.add([testItem(), testItem({ id: 'i2', phase: 'failed' })])
    engine.clear()
    expect(calls).toEqual(['start i1', 'cancel i1', 'cancel i2'])
    expect(uploads.all()).toEqual([])
  })

  test('starts nothing for a file that was refused at once', () => {
    const { engine, calls } = setUp()
    engine.add([testItem({ phase: 'failed' })])
    expect(calls).toEqual([])
  })

  test('renews the URL of an upload that exists instead of making another', async () => {
    const setup = setUp({ confirm: problem(409, 'UPLOAD_INCOMPLETE') })
    await failedConfirm(setup)
    await retry(setup)
    await setup.transfer.sign('i1')
    expect(setup.calls).toEqual(['start i1', 'renew'])
  })

  test('begins a new upload under a new key when the old one expired', async () => {
    const setup = setUp({ confirm: problem(410, 'UPLOAD_EXPIRED') })
    await failedConfirm(setup)
    await retry(setup)
    await setup.transfer.sign('i1')
    expect(setup.calls).toEqual(['start i1', 'create k2'])
  })

  test('asks to process again when that is what failed', async () => {
    const { engine, calls, assets } = setUp()
    const failure: Failure = { code: 'WORKER_CRASHED', detail: '', step: 'process', retryable: true }
    await engine.retry(testItem({ phase: 'following', assetId: 'a1' }), failure)
    expect(calls).toEqual(['reprocess', 'read'])
    expect(assets.all().get('a1')?.revision).toBe(9)
  })

  test('does nothing about a content error', async () => {
    const { engine, calls } = setUp()
    await engine.retry(testItem({ phase: 'following' }), {
      code: 'CORRUPT_FILE',
      detail: '',
      step: 'process',
      retryable: true,
    })
    expect(calls).toEqual([])
  })

  test.each([
    ['a waiting file', testItem(), ['cancel i1']],
    ['a file on its way', testItem({ phase: 'sending', uploadId: 'u1', assetId: 'a1' }), ['cancel i1', 'abort']],
    ['a confirmed file', testItem({ phase: 'following', uploadId: 'u1', assetId: 'a1' }), ['cancel i1', 'delete']],
  ])('takes back %s', async (_, item, expected) => {
    const { engine, uploads, calls } = setUp()
    uploads.add([item])
    await engine.remove(item)
    expect(calls).toEqual(expected)
    expect(uploads.all()).toEqual([])
  })

  test('deletes the asset when the confirm won the race against the removal', async () => {
    const { engine, calls } = setUp({ abort: problem(409, 'UPLOAD_CONFIRMED') })
    await engine.remove(testItem({ phase: 'confirming', uploadId: 'u1', assetId: 'a1' }))
    expect(calls).toEqual(['cancel i1', 'abort', 'delete'])
  })

  test('keeps the row when the service does not let go of the upload', async () => {
    const { engine, uploads } = setUp({ abort: problem(500, 'INTERNAL') })
    const item = testItem({ phase: 'sending', uploadId: 'u1', assetId: 'a1' })
    uploads.add([item])
    await expect(engine.remove(item)).rejects.toThrow('INTERNAL')
    expect(uploads.all()).toHaveLength(1)
  })

  test('aborts an upload that was made while its file was being removed', async () => {
    const { engine, transfer, calls } = setUp()
    const item = testItem()
    engine.add([item])
    const signing = transfer.sign('i1')
    // Until it passed the gate and asked.
    await Promise.resolve()
    await engine.remove(item)
    await expect(signing).rejects.toThrow('removed')
    expect(calls).toContain('abort')
  })
})

type Setup = ReturnType<typeof setUp>

/** Brings a file to where its confirm is refused, and forgets the calls on the way. */
async function failedConfirm({ engine, transfer, calls }: Setup): Promise<void> {
  engine.add([testItem()])
  await transfer.sign('i1')
  transfer.onSent('i1')
  await settled()
  calls.length = 0
}

async function retry({ engine, uploads }: Setup): Promise<void> {
  const item = uploads.get('i1')
  if (!item?.failure) throw new Error('the file did not fail')
  await engine.retry(item, item.failure)
}
