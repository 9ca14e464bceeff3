import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Asset,
  Asset as AssetSchema,
  type AssetSummary,
  AssetSummary as AssetSummarySchema,
  ERRORS,
  Variant as VariantSchema,
} from '@darkroom/contracts'
import { type ProxyChanges, requireTool, startHttpProxy } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PHOTO, PRIVATE_BUCKET, SMALL_PNG, sha256 } from '../../../apps/worker/test/harness.ts'
import { type Call, type Outcome, PYTHON, startPython } from './run-python.ts'
import { useService } from './service.ts'

/** Three parts of the least size that a part may have. */
const PARTS = { part_size: 5_000_000 }
const LARGE = randomBytes(12_000_000)

/** Returns a picture that is processed in no time, another one each time. */
const smallPicture = (): Buffer => Buffer.concat([SMALL_PNG, randomBytes(8)])

describe.skipIf(!requireTool(PYTHON, 'python3'))('the Python client', () => {
  const service = useService()
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'darkroom-python-'))
  })
  afterEach(async () => {
    service.bed.b2.faults.clear()
    await rm(folder, { recursive: true, force: true })
  })

  const start = <T>(call: Call, url = service.url) => {
    const { key } = service
    return startPython<T>({ DARKROOM_URL: url, DARKROOM_KEY: key, XDG_STATE_HOME: join(folder, 'state') }, call)
  }
  const run = <T>(call: Call): Promise<Outcome<T>> => start<T>(call).outcome
  const resultOf = async <T>(call: Call): Promise<T> => {
    const { result, error } = await run<T>(call)
    if (error) throw new Error(JSON.stringify(error))
    return result as T
  }
  const upload = (path: string, options: Record<string, unknown> = {}): Call => ({
    method: 'upload',
    args: [path],
    options,
  })
  const file = async (name: string, bytes: Buffer): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }
  /** A video by its name and first bytes, which is all that matters before it is processed. */
  const largeFile = () => file('clip.mp4', LARGE)
  const remembered = () => readdir(join(folder, 'state/darkroom/uploads'))
  const requests = (operation: string) => service.bed.b2.requests.list({ operation })

  /** Lists what the store has of an upload: its bytes, and the parts that are not put together. */
  async function inStore(assetId: string) {
    const { store, projectId } = service.bed
    const place = { bucket: PRIVATE_BUCKET, prefix: `uploads/${projectId}/${assetId}/` }
    const [bodies, open]: [Buffer[], string[]] = [[], []]
    for await (const { key } of store.listVersions(place)) {
      const { body } = await store.get({ bucket: PRIVATE_BUCKET, key })
      bodies.push(Buffer.concat(await body.toArray()))
    }
    for await (const { key } of store.listMultipartUploads(place)) open.push(key)
    return { hashes: bodies.map(sha256), open: open.length }
  }
  const openUploads = async () => {
    const rows = await service.bed.database.db.execute(
      sql`SELECT id FROM uploads WHERE confirmed_at IS NULL ORDER BY created_at DESC`,
    )
    return rows.map(({ id }) => id)
  }
  const proxied = async (instead: ProxyChanges['instead']) => {
    const proxy = await startHttpProxy(service.url, instead && { instead })
    return { url: proxy.url, [Symbol.asyncDispose]: proxy.close }
  }
  const whole = { hashes: [sha256(LARGE)], open: 0 }

  it('takes a photo up, waits until it is ready, and downloads the same bytes', async () => {
    const path = await file('photo.jpg', PHOTO)
    const asset = await resultOf<Asset>(upload(path, { tags: ['sea'], metadata: { n: 1 }, folder: '2026/summer' }))
    const ready = await resultOf<Asset>({ method: 'wait_until_ready', args: [asset.id] })
    expect(ready).toMatchObject({ status: 'ready', sha256: sha256(PHOTO), tags: ['sea'], metadata: { n: 1 } })
    expect(ready.variants.filter(({ status }) => status === 'ready').length).toBeGreaterThan(2)
    expect(await remembered()).toEqual([])

    const target = join(folder, 'back.jpg')
    const before = requests('GetObject').length
    await resultOf({ method: 'assets.download', args: [asset.id, target] })
    expect(sha256(await readFile(target))).toBe(sha256(PHOTO))
    // The store that the answer leads to gets the signed URL, and never the key.
    const sent = requests('GetObject').slice(before)
    expect(sent.map(({ headerNames }) => headerNames.includes('authorization'))).toEqual([false])
  })

  it.each([
    ['in one piece', {}, 'PutObject', 1],
    ['in parts, several at once', PARTS, 'UploadPart', 3],
  ])('sends a file %s', async (_name, options, operation, count) => {
    const before = requests(operation).length
    const { id } = await resultOf<Asset>(upload(await largeFile(), options))
    expect(await inStore(id)).toEqual(whole)
    expect(requests(operation).length - before).toBe(count)
  })

  it.each([
    [
      'redirects to another URL',
      { status: 308, headers: { location: 'https://media.example.com/v1/assets' }, body: '' },
      'The server redirects to https://media.example.com.',
    ],
    [
      'is a page for people',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Sign in</p>' },
      'The server answered with something else than JSON.',
    ],
  ])('says so when what answers %s', async (_name, answer, detail) => {
    await using other = await proxied(() => answer)
    const { error } = await start({ method: 'assets.list' }, other.url).outcome
    expect(error).toMatchObject({ type: 'InvalidAnswerError', code: 'INVALID_ANSWER', detail })
  })

  it.each(['bytes', 'file', 'stream'])('takes %s', async kind => {
    const options = { ...PARTS, filename: 'clip.mp4' }
    const { id } = await resultOf<Asset>({ method: 'upload', args: [{ [kind]: await largeFile() }], options })
    expect(await inStore(id)).toEqual(whole)
  })

  it('takes back what was sent of a stream when it cannot go on, because nobody can continue it', async () => {
    service.bed.b2.faults.set({ kind: 'reset', match: { operation: 'UploadPart' } })
    const options = { ...PARTS, filename: 'clip.mp4', external_id: 'stream', retries: 1 }
    const { error } = await run({ method: 'upload', args: [{ stream: await largeFile() }], options })
    expect(error).toMatchObject({ type: 'NetworkError', retryable: true })
    expect(await resultOf({ method: 'assets.list', options: { external_id: 'stream' } })).toEqual([])
  })

  it('ends at Ctrl-C while the store is silent, and goes on later', async () => {
    const path = await largeFile()
    const before = requests('UploadPart').length
    service.bed.b2.faults.set({ kind: 'delay', ms: 600_000, match: { operation: 'UploadPart' } })
    const first = start<Asset>({ ...upload(path, PARTS), client: { timeout: 600 } })
    await expect.poll(() => requests('UploadPart').length - before).toBe(3)
    // Python's own code for KeyboardInterrupt is to end by the same signal.
    expect(await first.kill('SIGINT')).toBeNull()
    service.bed.b2.faults.clear()
    const { id } = await resultOf<Asset>(upload(path, PARTS))
    expect(await inStore(id)).toEqual(whole)
  })

  it.each([
    ['is reset', { kind: 'reset', times: 2 }],
    ['says nothing', { kind: 'hang', times: 2 }],
    ['takes the bytes and is lost', { kind: 'lost-response', times: 2 }],
    ['is busy', { kind: 'slow-down', times: 2, retryAfterSec: 1 }],
  ] as const)('sends again what a connection that %s did not carry', async (_name, fault) => {
    service.bed.b2.faults.set({ ...fault, match: { operation: 'UploadPart' } })
    const before = requests('UploadPart').length
    const { id } = await resultOf<Asset>({ ...upload(await largeFile(), PARTS), client: { timeout: 0.5 } })
    expect(await inStore(id)).toEqual(whole)
    expect(requests('UploadPart').length - before).toBeGreaterThan(3)
  })

  it('goes on after kill -9 with the parts that are missing', async () => {
    const path = await largeFile()
    const options = { ...PARTS, parallel: 1 }
    const first = start({ ...upload(path, options), stopAt: 5_000_000 })
    await first.stopped
    await first.kill()
    expect(await remembered()).toHaveLength(1)
    const before = requests('UploadPart').length
    const { id } = await resultOf<Asset>(upload(path, options))
    expect(await inStore(id)).toEqual(whole)
    expect(requests('UploadPart').length - before).toBe(2)
    expect(await remembered()).toEqual([])
  })

  it('begins anew after kill -9 when the file is another one, and takes the first upload back', async () => {
    const path = await largeFile()
    const first = start({ ...upload(path, { ...PARTS, parallel: 1 }), stopAt: 5_000_000 })
    await first.stopped
    await first.kill()
    const [begun] = await resultOf<AssetSummary[]>({ method: 'assets.list', options: { status: 'awaiting_upload' } })
    const other = randomBytes(12_000_000)
    await writeFile(path, other)
    const { id } = await resultOf<Asset>(upload(path, PARTS))
    expect(await inStore(id)).toEqual({ hashes: [sha256(other)], open: 0 })
    expect(await inStore(begun?.id ?? '')).toEqual({ hashes: [], open: 0 })
  })

  it('refuses a file that changes while it is sent, and leaves nothing of it', async () => {
    const path = await largeFile()
    const { error } = await run<Asset>({
      ...upload(path, { ...PARTS, parallel: 1, external_id: 'changing' }),
      append: { path, at: 5_000_000 },
    })
    expect(error).toMatchObject({ type: 'FileChangedError', code: 'FILE_CHANGED', retryable: false })
    expect(await resultOf({ method: 'assets.list', options: { external_id: 'changing' } })).toEqual([])
    expect(await remembered()).toEqual([])
  })

  it('finds the upload again that it was killed before it knew of', async () => {
    const path = await largeFile()
    const options = { ...PARTS, external_id: 'found again' }
    await expect(run({ ...upload(path, options), dieAfter: 'POST /v1/uploads' })).rejects.toThrow()
    const [begun] = await resultOf<AssetSummary[]>({ method: 'assets.list', options: { external_id: 'found again' } })
    const { id } = await resultOf<Asset>(upload(path, options))
    expect(id).toBe(begun?.id)
    expect(await inStore(id)).toEqual(whole)
  })

  it('returns the asset that it was killed before it could return', async () => {
    const path = await file('photo-2.png', smallPicture())
    const first = start<Asset>({ ...upload(path), stopAt: 1 })
    await first.stopped
    await first.kill()
    const [uploadId] = await openUploads()
    const body = { method: 'POST', headers: { authorization: `Bearer ${service.key}` } }
    const { asset } = await (await fetch(`${service.url}/v1/uploads/${uploadId}/confirm`, body)).json()
    expect((await resultOf<Asset>(upload(path))).id).toBe(asset.id)
  })

  it('lets two processes upload a file once, and gives both its asset', async () => {
    const path = await largeFile()
    const before = requests('UploadPart').length
    service.bed.b2.faults.set({ kind: 'delay', ms: 600_000, match: { operation: 'UploadPart' } })
    const first = start<Asset>(upload(path, PARTS))
    await expect.poll(() => requests('UploadPart').length - before).toBe(3)
    const second = start<Asset>(upload(path, PARTS))
    await second.waits
    service.bed.b2.faults.clear()
    const assets = [(await first.outcome).result, (await second.outcome).result]
    expect(new Set(assets.map(asset => asset?.id)).size).toBe(1)
    expect(requests('UploadPart').length - before).toBe(3)
    expect(await inStore(assets[0]?.id ?? '')).toEqual(whole)
  })

  it.each([
    ['a type that is not taken', 'program.exe', Buffer.from('MZ'), 'InvalidRequestError', 'UNSUPPORTED_TYPE'],
    ['an empty file', 'empty.jpg', Buffer.alloc(0), 'InvalidRequestError', 'EMPTY_FILE'],
  ])('says why %s is refused and what to do, and leaves nothing', async (_name, name, bytes, type, code) => {
    const { error } = await run<Asset>(upload(await file(name, bytes), { external_id: code }))
    expect(error).toMatchObject({ type, code, retryable: false, requestId: expect.any(String) })
    expect(error?.advice.length).toBeGreaterThan(10)
    expect(await remembered()).toEqual([])
    expect(await resultOf({ method: 'assets.list', options: { external_id: code } })).toEqual([])
  })

  it('raises the code of a file that turns out to be damaged', async () => {
    const asset = await resultOf<Asset>(upload(await file('torn.jpg', PHOTO.subarray(0, 20_000))))
    const { error } = await run<Asset>({ method: 'wait_until_ready', args: [asset] })
    expect(error).toMatchObject({ type: 'AssetFailedError', code: 'TRUNCATED_FILE', retryable: false })
  })

  it('sends no byte of a file that the project has', async () => {
    const photo = await file('again.png', smallPicture())
    const { id } = await resultOf<Asset>(upload(photo))
    await resultOf<Asset>({ method: 'wait_until_ready', args: [id] })
    const before = requests('PutObject').filter(({ key }) => key?.startsWith('uploads/')).length
    const twin = await resultOf<Asset>(upload(photo))
    expect(twin.id).not.toBe(id)
    expect(await resultOf<Asset>({ method: 'wait_until_ready', args: [twin.id] })).toMatchObject({ status: 'ready' })
    expect(requests('PutObject').filter(({ key }) => key?.startsWith('uploads/')).length).toBe(before)
  })

  it.each([
    ['cannot be streamed', 502],
    ['answers something else', 200],
  ])('waits by polling where the stream of events %s', async (_name, status) => {
    await using proxy = await proxied(({ url }) => (url?.endsWith('/events') ? { status, body: 'no' } : undefined))
    const { id } = await resultOf<Asset>(upload(await file('poll.png', smallPicture())))
    const { result } = await start<Asset>({ method: 'wait_until_ready', args: [id] }, proxy.url).outcome
    expect(result).toMatchObject({ id, status: 'ready' })
  })

  it('says when the time to wait is over', async () => {
    const { id } = await resultOf<Asset>(upload(await largeFile()))
    const { error } = await run({ method: 'wait_until_ready', args: [id], options: { timeout: 0.3 } })
    expect(error).toMatchObject({ type: 'WaitTimeoutError', code: 'WAIT_TIMEOUT', retryable: true })
  })

  describe('with a photo that is ready', () => {
    let asset: Asset
    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'darkroom-python-'))
      const path = join(folder, 'ready.png')
      await writeFile(path, Buffer.concat([smallPicture(), randomBytes(2_000_000)]))
      const { url, key } = service
      const env = { DARKROOM_URL: url, DARKROOM_KEY: key, XDG_STATE_HOME: folder }
      const { result } = await startPython<Asset>(env, upload(path, { tags: ['ready'] })).outcome
      const ready = await startPython<Asset>(env, { method: 'wait_until_ready', args: [result] }).outcome
      if (!ready.result) throw new Error(JSON.stringify(ready.error))
      asset = ready.result
      await rm(folder, { recursive: true })
    })

    it('continues a download whose connection broke', async () => {
      service.bed.b2.faults.set({ kind: 'truncate', bytes: 1_500_000, times: 1, match: { operation: 'GetObject' } })
      const target = join(folder, 'original.jpg')
      await resultOf({ method: 'assets.download', args: [asset.id, target] })
      expect(sha256(await readFile(target))).toBe(asset.sha256)
      expect(
        requests('GetObject')
          .slice(-2)
          .map(({ status }) => status),
      ).toEqual([200, 206])
      expect(await readdir(folder)).toEqual(['original.jpg'])
    })

    it('writes no file of bytes that are not those of the asset', async () => {
      service.bed.b2.faults.set({ kind: 'flip-byte', bytes: 5_000, match: { operation: 'GetObject' } })
      const { error } = await run({ method: 'assets.download', args: [asset.id, join(folder, 'wrong.jpg')] })
      expect(error).toMatchObject({ type: 'DownloadError', code: 'INCOMPLETE_DOWNLOAD' })
      expect(await readdir(folder)).toEqual([])
    })

    it('downloads a variant', async () => {
      const { name, sha256: expected } = asset.variants.find(({ status }) => status === 'ready') ?? {}
      await resultOf({ method: 'assets.download', args: [asset.id, join(folder, 'v')], options: { variant: name } })
      expect(sha256(await readFile(join(folder, 'v')))).toBe(expected)
    })

    it('lists, changes and deletes it', async () => {
      const found = await resultOf<AssetSummary[]>({ method: 'assets.list', options: { tag: 'ready' } })
      expect(found.map(({ id }) => id)).toEqual([asset.id])
      const update: Call = { method: 'assets.update', args: [asset.id], options: { addTags: ['sea'] } }
      expect(await resultOf<Asset>(update)).toMatchObject({ tags: ['ready', 'sea'] })
      expect(await resultOf<Asset>({ method: 'assets.delete', args: [asset.id] })).toMatchObject({ status: 'deleting' })
      const readError = async () => (await run({ method: 'assets.get', args: [asset.id] })).error
      await expect.poll(readError).toMatchObject({ type: 'GoneError', code: 'ASSET_DELETED' })
    })
  })

  it.each([
    ['a wrong key', { DARKROOM_KEY: 'dk_wrong' }, 'AuthenticationError', 'UNAUTHORIZED'],
    ['an address where nothing is', { DARKROOM_URL: 'http://127.0.0.1:9' }, 'NetworkError', 'NETWORK'],
  ])('names the fault of %s', async (_name, env, type, code) => {
    const call: Call = { method: 'assets.list', client: { retries: 1 } }
    const { url, key } = service
    const { error } = await startPython({ DARKROOM_URL: url, DARKROOM_KEY: key, ...env }, call).outcome
    expect(error).toMatchObject({ type, code, advice: expect.stringMatching(/\w+ .*\.$/) })
  })

  it('refuses to import a URL of a private network', async () => {
    const { error } = await run({ method: 'imports.create', args: ['http://127.0.0.1/a.jpg'] })
    expect(error).toMatchObject({ type: 'InvalidRequestError', code: 'URL_NOT_ALLOWED' })
  })

  it('has the fields of the API in its types, and no advice for a code that there is not', async () => {
    const script =
      'import json; from darkroom import Asset, AssetSummary, Variant; from darkroom.errors import ADVICE; ' +
      'print(json.dumps([sorted(t.__annotations__) for t in (Asset, AssetSummary, Variant)] + [sorted(ADVICE)]))'
    const env = { PYTHONPATH: join(import.meta.dirname, '../src'), PYTHONDONTWRITEBYTECODE: '1' }
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', script], { env })
    const [asset, summary, variant, advised] = JSON.parse(stdout)
    const fieldsOf = (schema: { shape: object }) => Object.keys(schema.shape).sort()
    expect({ asset, summary, variant }).toEqual({
      asset: fieldsOf(AssetSchema),
      summary: fieldsOf(AssetSummarySchema),
      variant: fieldsOf(VariantSchema),
    })
    const own = [
      'NETWORK',
      'INVALID_ANSWER',
      'STORE_REFUSED',
      'FILE_UNREADABLE',
      'FILE_CHANGED',
      'CANCELLED',
      'WAIT_TIMEOUT',
    ]
    const codes = new Set([...Object.keys(ERRORS), ...own, 'INCOMPLETE_DOWNLOAD'])
    expect(advised.filter((code: string) => !codes.has(code))).toEqual([])
  })
})
