import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DarkroomOptions } from './options.ts'
import { fakeDarkroom, MIB, OPTIONS } from './test-darkroom.ts'
import { darkroomAwsS3 } from './uppy-5.ts'

let darkroom: ReturnType<typeof fakeDarkroom>
let sentTo: string[]
beforeEach(() => {
  darkroom = fakeDarkroom()
  sentTo = []
})
afterEach(() => vi.unstubAllGlobals())

/** An Uppy 5 whose bytes go nowhere. */
function createUppy(options: Partial<DarkroomOptions> = {}) {
  const uppy = new Uppy({ logger: { debug: () => undefined, warn: () => undefined, error: () => undefined } })
  const uploadPartBytes: typeof AwsS3.uploadPartBytes = async ({ signature, onComplete }) => {
    sentTo.push(signature.url)
    onComplete('etag')
    return { ETag: 'etag' }
  }
  return uppy.use(AwsS3, darkroomAwsS3(uppy, { uploadPartBytes }, { ...OPTIONS, ...options }))
}

function add(uppy: ReturnType<typeof createUppy>, bytes: number): string {
  const data = new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })
  return uppy.addFile({ name: 'photo.jpg', type: 'image/jpeg', data })
}

const WHOLE = 'https://store.example/whole'

describe('darkroomAwsS3 for Uppy 5', () => {
  it('describes a file with what the page adds, sends it, and confirms it', async () => {
    const details = ({ name }: { name?: string | undefined }) => ({ folder: '2026', externalId: name })
    const uppy = createUppy({ api: `${OPTIONS.api}/`, details })
    const id = add(uppy, 10)
    const result = await uppy.upload()
    expect(result?.successful).toHaveLength(1)
    expect(darkroom.calls[0]?.body).toEqual({
      folder: '2026',
      externalId: 'photo.jpg',
      filename: 'photo.jpg',
      contentType: 'image/jpeg',
      byteSize: 10,
      multipart: false,
    })
    expect(darkroom.routes()).toEqual(['POST /uploads', 'POST /v1/uploads/upload-1/confirm'])
    expect(darkroom.calls[1]?.token).toBe('Bearer token-1-1')
    expect(sentTo).toEqual([WHOLE])
    expect(uppy.getFile(id).meta).toMatchObject({ darkroomAsset: 'asset-1' })
  })

  it('divides a file as it says, and confirms it once', async () => {
    const uppy = createUppy()
    add(uppy, 7 * MIB)
    await uppy.upload()
    expect(darkroom.calls[0]?.body).toMatchObject({ multipart: true, partSize: 5 * MIB })
    expect(sentTo.toSorted()).toEqual(['https://store.example/part-1', 'https://store.example/part-2'])
    expect(darkroom.routes().filter(route => route.endsWith('/confirm'))).toHaveLength(1)
  })

  it('gets a new token when the old one is refused', async () => {
    const uppy = createUppy()
    add(uppy, 10)
    darkroom.answerOnce('POST /v1/uploads/upload-1/confirm', 401, 'UNAUTHORIZED')
    const result = await uppy.upload()
    expect(result?.successful).toHaveLength(1)
    const tokens = darkroom.calls.flatMap(({ token }) => token ?? [])
    expect(tokens).toEqual(['Bearer token-1-1', 'Bearer token-1-3'])
    expect(new Set(darkroom.keys()).size).toBe(1)
  })

  it.each(['UPLOAD_EXPIRED', 'ASSET_DELETED', 'IDEMPOTENCY_MISMATCH'])('begins a new upload after %s', async code => {
    const uppy = createUppy()
    add(uppy, 10)
    darkroom.answerOnce('POST /uploads', 410, code)
    const result = await uppy.upload()
    expect(result?.successful).toHaveLength(1)
    expect(new Set(darkroom.keys()).size).toBe(2)
  })

  it('sends a file again whose confirm was refused', async () => {
    const uppy = createUppy()
    const id = add(uppy, 10)
    darkroom.answerOnce('POST /v1/uploads/upload-1/confirm', 422, 'SIZE_MISMATCH')
    const result = await uppy.upload()
    expect(result?.failed).toMatchObject([{ error: 'SIZE_MISMATCH' }])
    await uppy.retryUpload(id)
    expect(uppy.getFile(id)).toMatchObject({ error: null, progress: { uploadComplete: true } })
    expect(sentTo).toEqual([WHOLE, WHOLE])
  })

  it.each([
    ['in one PUT', 10],
    ['in parts', 7 * MIB],
  ])('sends nothing again of a file %s that Darkroom has', async (_name, bytes) => {
    const uppy = createUppy()
    add(uppy, bytes)
    await uppy.upload()
    const { meta } = uppy.getFiles()[0] ?? {}
    const before = sentTo.length
    // Another page of the same browser, with what Golden Retriever had kept.
    const reloaded = createUppy()
    const id = add(reloaded, bytes)
    reloaded.setFileMeta(id, { darkroomRequest: meta?.darkroomRequest })
    const result = await reloaded.upload()
    expect(result?.successful).toHaveLength(1)
    expect(sentTo.length).toBe(before)
    expect(new Set(darkroom.keys()).size).toBe(1)
  })

  it('says so when the server in between leaves out how the file is divided', async () => {
    const uppy = createUppy({ details: () => ({}) })
    add(uppy, 7 * MIB)
    vi.stubGlobal('fetch', async () => {
      const upload = { id: 'upload-1', type: 'multipart', partSize: 4_000_000, partCount: 2 }
      return new Response(JSON.stringify({ asset: { id: 'asset-1' }, upload, clientToken: 'token' }))
    })
    const result = await uppy.upload()
    expect(result?.failed).toMatchObject([{ error: expect.stringContaining('`partSize`') }])
  })

  const aborts = () => darkroom.routes().filter(route => route.startsWith('DELETE'))

  it('aborts the upload of a file that is removed, and not one that is confirmed', async () => {
    const uppy = createUppy()
    const confirmed = add(uppy, 10)
    await uppy.upload()
    uppy.removeFile(confirmed)
    const failed = add(uppy, 11)
    darkroom.answerOnce('POST /v1/uploads/upload-2/confirm', 409, 'UPLOAD_INCOMPLETE')
    await uppy.upload()
    uppy.removeFile(failed)
    await vi.waitFor(() => expect(aborts()).toEqual(['DELETE /v1/uploads/upload-2']))
  })

  it('aborts the upload of a file that was removed while it was created', async () => {
    const uppy = createUppy()
    const id = add(uppy, 10)
    const release = darkroom.hold()
    const uploading = uppy.upload()
    await vi.waitFor(() => expect(darkroom.routes()).toEqual(['POST /uploads']))
    uppy.removeFile(id)
    release()
    await uploading
    await vi.waitFor(() => expect(aborts()).toEqual(['DELETE /v1/uploads/upload-1']))
  })

  it('needs nothing of a file that was never begun', async () => {
    const uppy = createUppy()
    uppy.removeFile(add(uppy, 10))
    add(uppy, 12)
    await uppy.upload()
    expect(aborts()).toEqual([])
  })
})
