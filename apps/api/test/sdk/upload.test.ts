import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createDarkroom, createFolderMemory, type UploadCreated, type UploadProgress } from '@darkroom/sdk/node'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { PRIVATE_BUCKET } from '../harness.ts'
import { useTestApi } from '../use-test-api.ts'

const PART_BYTES = 5_000_000
/** Four parts. */
const LARGE = randomBytes(3 * PART_BYTES + 7)
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const api = useTestApi()
let url: string
beforeAll(async () => {
  const app = await api.variant({ settings: { maxUploadBytes: 100_000_000 } })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-sdk-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function makeFile(bytes: Uint8Array = LARGE, name = 'beach.mp4') {
  const folder = await makeFolder()
  const path = join(folder, name)
  await writeFile(path, bytes)
  return { path, memory: join(folder, 'memory') }
}

const clientWith = (memory: string) => createDarkroom({ url, key: api.key, memory: createFolderMemory(memory) })

/** Hashes what the store has of an asset that was confirmed. */
async function storedHash(assetId: string): Promise<string> {
  const { store } = api.deps
  for await (const { key, versionId } of store.listVersions({ bucket: PRIVATE_BUCKET, prefix: 'uploads/' })) {
    if (!key.includes(assetId)) continue
    const { body } = await store.get({ bucket: PRIVATE_BUCKET, key, versionId })
    const hash = createHash('sha256')
    for await (const chunk of body) hash.update(chunk)
    return hash.digest('hex')
  }
  throw new Error(`the store has nothing of ${assetId}`)
}

/** Has an upload created by a client that never learns of it. */
async function loseCreation(path: string, memory: string) {
  const controller = new AbortController()
  const answers: UploadCreated[] = []
  const lossy = createDarkroom({
    url,
    key: api.key,
    memory: createFolderMemory(memory),
    async fetch(input, init) {
      const answer = await fetch(input, init)
      answers.push(await answer.json())
      controller.abort('crash')
      throw new TypeError('fetch failed')
    },
  })
  await expect(lossy.upload(path, { signal: controller.signal })).rejects.toBe('crash')
  return answers[0] ?? expect.fail('nothing was created')
}

describe('upload of the SDK in Node', () => {
  it('takes up a path in one PUT', async () => {
    const { path, memory } = await makeFile(LARGE.subarray(0, 1000), 'beach.jpg')
    const { asset, sha256 } = await clientWith(memory).upload(path, { tags: ['sea'] })
    expect(asset).toMatchObject({
      filename: 'beach.jpg',
      contentType: 'image/jpeg',
      tags: ['sea'],
      status: 'processing',
    })
    expect(await storedHash(asset.id)).toBe(sha256)
  })

  it('takes up a path in parts', async () => {
    const { path, memory } = await makeFile()
    const seen: UploadProgress[] = []
    const { asset, sha256 } = await clientWith(memory).upload(path, {
      partSize: PART_BYTES,
      onProgress: progress => seen.push(progress),
    })
    expect([sha256, await storedHash(asset.id)]).toEqual([sha256Of(LARGE), sha256Of(LARGE)])
    expect(seen.length).toBeGreaterThan(10)
    expect(seen.at(-1)).toMatchObject({ phase: 'confirming', sentBytes: LARGE.length, assetId: asset.id })
  })

  it('takes up a stream of unknown length, and leaves no copy of it', async () => {
    const before = await readdir(tmpdir())
    const stream = Readable.from([LARGE.subarray(0, 10), LARGE.subarray(10, 1000)])
    const { memory } = await makeFile()
    const { asset } = await clientWith(memory).upload(stream, { filename: 'beach.jpg' })
    expect(await storedHash(asset.id)).toBe(sha256Of(LARGE.subarray(0, 1000)))
    const left = (await readdir(tmpdir())).filter(name => name.startsWith('darkroom-upload-') && !before.includes(name))
    expect(left).toEqual([])
  })

  it('goes on where a process was killed', async () => {
    const { path, memory } = await makeFile()
    const child = fork(join(import.meta.dirname, 'upload-process.ts'), [url, api.key, memory, path], { silent: true })
    const [sentBytes] = await once(child, 'message')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(sentBytes).toBeGreaterThanOrEqual(PART_BYTES)
    const seen: UploadProgress[] = []
    const { asset, sha256, uploadId } = await clientWith(memory).upload(path, {
      partSize: PART_BYTES,
      onProgress: progress => seen.push(progress),
    })
    const first = seen.find(({ phase }) => phase === 'uploading')
    const resumed = seen.find(({ sentBytes }) => sentBytes > 0)
    expect([first?.uploadId, resumed?.sentBytes]).toEqual([uploadId, expect.toSatisfy(isSomeParts)])
    expect([sha256, await storedHash(asset.id)]).toEqual([sha256Of(LARGE), sha256Of(LARGE)])
  })

  it('makes no second asset when it is killed between the creation of an upload and its record', async () => {
    const { path, memory } = await makeFile(randomBytes(1000), 'beach.jpg')
    const child = fork(join(import.meta.dirname, 'create-process.ts'), [url, api.key, memory, path], { silent: true })
    const [created] = await once(child, 'message')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const { asset, uploadId } = await clientWith(memory).upload(path)
    expect([asset.id, uploadId]).toEqual([created.asset.id, created.upload.id])
  })

  it('makes no second asset of many files when it is killed between their creation and its record', async () => {
    const folder = await makeFolder()
    const paths = Array.from({ length: 20 }, (_, index) => join(folder, `beach-${index}.jpg`))
    for (const path of paths) await writeFile(path, randomBytes(1000))
    const child = fork(join(import.meta.dirname, 'create-process.ts'), [url, api.key, folder, ...paths], {
      silent: true,
    })
    const [{ items }] = (await once(child, 'message')) as [{ items: UploadCreated[] }]
    child.kill('SIGKILL')
    await once(child, 'exit')
    const client = clientWith(folder)
    const uploaded = await Promise.all(paths.map(path => client.upload(path)))
    expect(items.length).toBeGreaterThan(1)
    const ids = uploaded.map(({ uploadId }) => uploadId)
    expect(ids).toEqual(expect.arrayContaining(items.map(({ upload }) => upload.id)))
    const names = items.map(({ asset }) => asset.filename)
    const { items: found } = await client.assets.list({ q: 'beach-', limit: 200 })
    expect(found.filter(({ filename }) => names.includes(filename))).toHaveLength(names.length)
  })

  it.each([
    ['with other details', { contentType: 'image/png' }],
    ['when that upload was aborted', {}],
  ])('makes another asset after such a kill %s', async (_when, options) => {
    const { path, memory } = await makeFile(randomBytes(1000), 'beach.jpg')
    const lost = await loseCreation(path, memory)
    if (Object.keys(options).length === 0) await clientWith(memory).uploads.abort(lost.upload.id)
    const { asset } = await clientWith(memory).upload(path, options)
    expect(asset).toMatchObject({ status: 'processing', id: expect.not.stringMatching(lost.asset.id) })
  })

  it('begins anew when the file was changed since', async () => {
    const { path, memory } = await makeFile()
    const stopped = await stopAfterOnePart(path, memory)
    await utimes(path, new Date(), new Date(0))
    const { uploadId } = await clientWith(memory).upload(path, { partSize: PART_BYTES })
    expect(uploadId).not.toBe(stopped)
  })

  it('gives up when the file is changed meanwhile, and takes nothing of it', async () => {
    const { path, memory } = await makeFile()
    let id = ''
    const upload = clientWith(memory).upload(path, {
      partSize: PART_BYTES,
      onProgress({ uploadId, sentBytes }) {
        if (uploadId && id === '' && sentBytes > 0) {
          id = uploadId
          appendFileSync(path, 'more')
        }
      },
    })
    await expect(upload).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    await expect(clientWith(memory).uploads.get(id)).rejects.toMatchObject({ code: 'ASSET_DELETED' })
  })

  it('does not send the same file twice at the same time', async () => {
    const { path, memory } = await makeFile()
    const uploads = await Promise.all([1, 2].map(() => clientWith(memory).upload(path, { partSize: PART_BYTES })))
    expect(new Set(uploads.map(({ asset }) => asset.id)).size).toBe(1)
  })

  it('needs no key where a server has created the upload', async () => {
    const { path, memory } = await makeFile()
    const server = createDarkroom({ url, key: api.key })
    const browser = createDarkroom({ url, memory: createFolderMemory(memory) })
    const { asset, token } = await browser.upload(path, {
      partSize: PART_BYTES,
      create: (body, { idempotencyKey }) => server.uploads.create(body, { idempotencyKey }),
    })
    expect(await storedHash(asset.id)).toBe(sha256Of(LARGE))
    expect(await browser.assets.get(asset.id, { token: token ?? '' })).toMatchObject({ status: 'processing' })
  })

  it('says what is wrong with a file', async () => {
    const { path, memory } = await makeFile(new Uint8Array(0), 'empty.jpg')
    await expect(clientWith(memory).upload(path)).rejects.toMatchObject({ code: 'EMPTY_FILE' })
    await expect(clientWith(memory).upload(join(path, 'none'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

const isSomeParts = (sentBytes: number) => sentBytes >= PART_BYTES && sentBytes < LARGE.length

async function stopAfterOnePart(path: string, memory: string): Promise<string | null> {
  const controller = new AbortController()
  let stopped: string | null = null
  const upload = clientWith(memory).upload(path, {
    partSize: PART_BYTES,
    parallel: 1,
    signal: controller.signal,
    onProgress({ uploadId, sentBytes }) {
      stopped = uploadId
      if (sentBytes >= PART_BYTES) controller.abort('enough')
    },
  })
  await expect(upload).rejects.toBe('enough')
  return stopped
}
