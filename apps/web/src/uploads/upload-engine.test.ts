import { DarkroomError, type ErrorCode, type UploadOptions, type UploadProgress } from '@darkroom/sdk'
import { describe, expect, test } from 'vitest'
import type { Clients } from '../api/clients.ts'
import { createAssetStore } from '../assets/asset-store.ts'
import { testAsset } from '../testing/test-asset.ts'
import { testItem } from '../testing/test-item.ts'
import type { Failure } from './failure.ts'
import { createUploadEngine } from './upload-engine.ts'
import type { UploadItem } from './upload-item.ts'
import { createUploadStore } from './upload-store.ts'

type Chosen = UploadItem['options']

interface Upload {
  file: Blob
  options: UploadOptions
  tell: (progress: Partial<UploadProgress>) => void
  end: () => void
  fail: (error: unknown) => void
}

const ids = { uploadId: 'u1', assetId: 'a1' }

/** An engine on an SDK whose uploads go on when told, and whose calls succeed unless `faults` says otherwise. */
function setUp(faults: Partial<Record<'confirm' | 'abort', DarkroomError>> = {}, chosen: Chosen = {}) {
  const calls: string[] = []
  const begun: Upload[] = []
  const answer = async <T>(call: string, value: T, fault?: DarkroomError) => {
    calls.push(call)
    if (fault) throw fault
    return value
  }
  const asset = testAsset({ status: 'processing', revision: 2 })

  function upload(file: Blob, options: UploadOptions) {
    const { promise, resolve, reject } = Promise.withResolvers()
    const tell = (progress: Partial<UploadProgress>) =>
      options.onProgress?.({ interruption: null, isStalled: false, ...ids, ...progress } as UploadProgress)
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
    tell({ phase: 'presigning', uploadId: null, assetId: null })
    begun.push({ file, options, tell, end: () => resolve({ asset, uploadId: 'u1' }), fail: reject })
    return promise
  }

  const client = {
    upload,
    fingerprint: async (file: File, { preset }: Chosen = {}) =>
      `fingerprint of ${await file.text()}${preset ? ` as ${preset}` : ''}`,
    uploads: {
      confirm: () => answer('confirm', { asset, job: {} }, faults.confirm),
      abort: () => answer('abort', undefined, faults.abort),
    },
    assets: {
      delete: () => answer('delete', undefined),
      reprocess: () => answer('reprocess', undefined),
      getMany: () => answer('read', { items: [testAsset({ status: 'processing', revision: 9 })], notFound: [] }),
    },
  }
  const uploads = createUploadStore()
  const assets = createAssetStore()
  const engine = createUploadEngine({
    clients: () => ({ quick: client, patient: client }) as unknown as Clients,
    uploads,
    assets,
    reachability: { untilReachable: async () => false, sitOut: call => call() },
    memory: { forget: async () => void calls.push('forget') },
    presence: { hold: () => void calls.push('hold'), release: () => void calls.push('release') },
    options: { get: () => chosen },
    checkService: () => void calls.push('check'),
    requestFrame: queueMicrotask,
  })
  /** Starts a file, and returns its upload. */
  async function start(parts: Parameters<typeof testItem>[0] = {}): Promise<Upload> {
    const before = begun.length
    engine.add([testItem(parts)])
    await expect.poll(() => begun.length).toBe(before + 1)
    return begun[before] as Upload
  }
  const item = (id = 'i1') => uploads.get(id) ?? expect.fail(`there is no row ${id}`)
  return { engine, uploads, assets, calls, begun, start, item }
}

const problem = (status: number, code: ErrorCode) => new DarkroomError({ code, message: code, status })
const lost = new DarkroomError({ code: 'NETWORK', message: 'gone' })

describe('the upload engine', () => {
  test('shows how a file goes on, and follows its asset once it is confirmed', async () => {
    const { start, item, assets, calls } = setUp()
    const { tell, end } = await start()
    expect(item()).toMatchObject({ phase: 'waiting', fingerprint: 'fingerprint of 0123456789' })
    tell({ phase: 'uploading', sentBytes: 0 })
    tell({ phase: 'uploading', sentBytes: 4 })
    await expect.poll(() => item()).toMatchObject({ phase: 'sending', sentBytes: 4, ...ids })
    tell({ phase: 'confirming', sentBytes: 10 })
    expect(item().phase).toBe('confirming')
    end()
    await expect.poll(() => item().phase).toBe('following')
    expect(assets.all().get('a1')?.status).toBe('processing')
    expect(calls).toEqual(['hold', 'release'])
  })

  test('lets a file wait while the SDK repeats what failed, and goes on with it', async () => {
    const { start, item } = setUp()
    const { tell } = await start()
    tell({ phase: 'uploading', sentBytes: 4 })
    tell({ phase: 'uploading', sentBytes: 4, interruption: lost })
    expect(item()).toMatchObject({ phase: 'waiting', isRepeated: true })
    tell({ phase: 'uploading', sentBytes: 2 })
    expect(item()).toMatchObject({ phase: 'sending', isRepeated: false, sentBytes: 2 })
  })

  test('looks at the service when no byte moves any more', async () => {
    const { start, item, calls } = setUp()
    const { tell } = await start()
    tell({ phase: 'uploading', sentBytes: 4 })
    expect(calls).not.toContain('check')
    tell({ phase: 'uploading', sentBytes: 4, isStalled: true })
    await expect.poll(() => item().isStalled).toBe(true)
    expect(calls).toContain('check')
  })

  test('sends four files at a time, and two that go up in parts', async () => {
    const { engine, begun, uploads } = setUp()
    const file = new File(['0123456789'], 'cat.jpg')
    const large = Object.defineProperty(new File(['large'], 'large.mp4'), 'size', { value: 100_000_000 })
    const named = (name: string, given: File) =>
      Array.from({ length: 6 }, (_, index) => testItem({ id: `${name}${index}`, file: given }))
    engine.add([...named('s', file), ...named('l', large)])
    await expect.poll(() => begun.length).toBe(6)
    expect(begun.filter(upload => upload.file === large)).toHaveLength(2)
    begun.find(upload => upload.file === large)?.end()
    await expect.poll(() => begun.filter(upload => upload.file === large).length).toBe(3)
    expect(uploads.all().filter(({ phase }) => phase === 'following')).toHaveLength(1)
  })

  test('tries again what failed where it stands', async () => {
    const { engine, start, begun, item } = setUp()
    const { tell, fail } = await start()
    tell({ phase: 'confirming' })
    fail(problem(503, 'UNAVAILABLE'))
    await expect.poll(() => item().failure).toMatchObject({ code: 'UNAVAILABLE', step: 'confirm' })
    const { failure } = item()
    if (failure) await engine.retry(item(), failure)
    await expect.poll(() => begun.length).toBe(2)
    expect(item()).toMatchObject({ phase: 'waiting', failure: null, uploadId: 'u1' })
  })

  test('confirms what had arrived before a reload, and forgets it', async () => {
    const { engine, item, calls } = setUp()
    engine.add([testItem({ phase: 'confirming', file: null, fingerprint: 'f', ...ids })])
    await expect.poll(() => item().phase).toBe('following')
    expect(calls).toEqual(['confirm', 'forget', 'release'])
  })

  test('asks once more for a confirm that was refused', async () => {
    const faults = { confirm: problem(503, 'UNAVAILABLE') }
    const { engine, item, calls } = setUp(faults)
    engine.add([testItem({ phase: 'confirming', file: null, ...ids })])
    await expect.poll(() => item().failure?.step).toBe('confirm')
    const { failure } = item()
    Reflect.deleteProperty(faults, 'confirm')
    if (failure) await engine.retry(item(), failure)
    expect([item().phase, calls]).toEqual(['following', ['confirm', 'confirm']])
  })

  test('goes on with an interrupted upload only by the same file', async () => {
    const { engine, uploads, begun, item } = setUp()
    uploads.add([testItem({ phase: 'interrupted', file: null, fingerprint: 'fingerprint of cat', ...ids })])
    expect(await engine.continueWith('i1', new File(['dog'], 'cat.jpg'))).toBe(false)
    expect(item().phase).toBe('interrupted')
    expect(await engine.continueWith('i1', new File(['cat'], 'cat.jpg'))).toBe(true)
    await expect.poll(() => begun.length).toBe(1)
  })

  test('goes on with an interrupted upload by the choices with which it was begun', async () => {
    const { engine, uploads, begun, item } = setUp({}, { preset: 'gallery' })
    uploads.add([testItem({ phase: 'interrupted', file: null, fingerprint: 'fingerprint of cat as gallery', ...ids })])
    expect(await engine.continueWith('i1', new File(['cat'], 'cat.jpg'))).toBe(true)
    await expect.poll(() => begun[0]?.options.preset).toBe('gallery')
    expect(item().options).toEqual({ preset: 'gallery' })
  })

  test('pauses without a word to the service, and goes on with the same file', async () => {
    const { engine, start, item, begun, calls } = setUp()
    const { tell, options } = await start()
    tell({ phase: 'uploading', sentBytes: 4 })
    engine.pause('i1')
    expect([item().phase, options.signal?.aborted]).toEqual(['paused', true])
    tell({ phase: 'uploading', sentBytes: 9 })
    expect(item()).toMatchObject({ phase: 'paused', sentBytes: 4, failure: null })
    await engine.resume('i1')
    await expect.poll(() => begun.length).toBe(2)
    begun[1]?.end()
    await expect.poll(() => item().phase).toBe('following')
    expect(calls).not.toContain('abort')
  })

  test('takes back what is paused, at the service as well', async () => {
    const { engine, start, item, uploads, calls } = setUp()
    const { tell } = await start()
    tell({ phase: 'uploading', sentBytes: 4 })
    engine.pauseAll()
    await engine.remove(item())
    expect(uploads.all()).toEqual([])
    expect(calls).toContain('abort')
  })

  test('retries many at once, and leaves those that cannot be as they are', async () => {
    const { engine, start, item, begun, calls } = setUp()
    const { fail } = await start()
    fail(lost)
    await expect.poll(() => item().phase).toBe('failed')
    const process: Failure = { code: 'NETWORK', detail: '', step: 'process', retryable: true }
    const { failure } = item()
    if (!failure) throw new Error('the file did not fail')
    await engine.retryAll([
      { item: testItem({ id: 'i2', phase: 'following', assetId: 'a2' }), failure: process },
      { item: item(), failure },
    ])
    await expect.poll(() => begun.length).toBe(2)
    expect(calls.filter(call => call === 'reprocess' || call === 'read')).toEqual(['reprocess', 'read'])
  })

  test('starts nothing for a file that was refused at once, and does nothing about a content error', async () => {
    const { engine, begun, calls } = setUp()
    engine.add([testItem({ phase: 'failed' })])
    const failure: Failure = { code: 'CORRUPT_FILE', detail: '', step: 'process', retryable: true }
    await engine.retry(testItem({ phase: 'following' }), failure)
    await new Promise(resolve => setTimeout(resolve))
    expect([begun, calls]).toEqual([[], []])
  })

  test('lets go of all files without a word to the service', async () => {
    const { engine, start, uploads, calls } = setUp()
    const { tell, options } = await start()
    tell({ phase: 'uploading', sentBytes: 4 })
    uploads.add([testItem({ id: 'i2', phase: 'failed' })])
    engine.clear()
    expect([uploads.all(), options.signal?.aborted]).toEqual([[], true])
    await expect.poll(() => calls).toEqual(['hold', 'forget', 'release'])
  })
})

describe('taking a file back', () => {
  test('aborts its upload, and forgets it', async () => {
    const { engine, start, item, uploads, calls } = setUp()
    const { tell, options } = await start()
    tell({ phase: 'uploading', sentBytes: 4 })
    await engine.remove(item())
    expect([uploads.all(), options.signal?.aborted]).toEqual([[], true])
    await expect.poll(() => calls).toEqual(['hold', 'abort', 'forget', 'release'])
  })

  test('aborts one that the service is just making, as soon as it is known', async () => {
    const { engine, start, item, uploads, calls } = setUp()
    const { tell, options } = await start()
    await engine.remove(item())
    expect([uploads.all(), options.signal?.aborted]).toEqual([[], false])
    tell({ phase: 'uploading', sentBytes: 0 })
    expect(options.signal?.aborted).toBe(true)
    await expect.poll(() => calls.toSorted()).toEqual(['abort', 'forget', 'hold', 'release'])
  })

  test('deletes the asset of a confirmed one, also when the confirm won the race', async () => {
    const { engine, calls } = setUp({ abort: problem(409, 'UPLOAD_CONFIRMED') })
    await engine.remove(testItem({ phase: 'following', ...ids }))
    await engine.remove(testItem({ phase: 'confirming', ...ids }))
    expect(calls).toEqual(['delete', 'abort', 'delete'])
  })

  test('keeps the row when the service does not let go of the upload', async () => {
    const { engine, uploads } = setUp({ abort: problem(500, 'INTERNAL') })
    const item = testItem({ phase: 'sending', ...ids })
    uploads.add([item])
    await expect(engine.remove(item)).rejects.toThrow('INTERNAL')
    expect(uploads.all()).toHaveLength(1)
  })
})
