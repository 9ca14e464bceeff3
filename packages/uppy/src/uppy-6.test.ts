import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeDarkroom, MIB, OPTIONS } from './test-darkroom.ts'
import type { UppyFile } from './uppy.ts'
import { darkroomAwsS3 } from './uppy-6.ts'

let darkroom: ReturnType<typeof fakeDarkroom>
beforeEach(() => {
  darkroom = fakeDarkroom()
})
afterEach(() => vi.unstubAllGlobals())

/** What Uppy's core does with one file; e2e/uppy.test.ts has the real one. */
function signerOf(size: number) {
  const file: UppyFile = { id: 'file-1', name: 'photo.jpg', type: 'image/jpeg', size, meta: {} }
  const { signRequest } = darkroomAwsS3(
    {
      getFile: id => (id === file.id ? file : undefined),
      setFileMeta: (_id, meta) => void Object.assign(file.meta, meta),
      setFileState: () => undefined,
      addPostProcessor: () => undefined,
      on: () => undefined,
      emit: () => undefined,
      log: () => undefined,
    },
    OPTIONS,
  )
  return signRequest
}

/** Reads a `data:` URL as a browser does. */
const textOf = async ({ url }: { url: string }) => {
  expect(url).toMatch(/^data:application\/xml,/)
  return decodeURIComponent(url.slice(url.indexOf(',') + 1))
}

const key = 'file-1'
const uploadId = 'upload-1'

describe('signRequest for Uppy 6', () => {
  it('gives the PUT of a whole file, under the id of its asset', async () => {
    expect(await signerOf(10)({ method: 'PUT', key })).toEqual({
      url: 'https://store.example/whole',
      headers: { 'content-type': 'image/jpeg' },
      key: 'asset-1',
    })
  })

  it('gives the PUT of one part', async () => {
    const sign = signerOf(7 * MIB)
    await sign({ method: 'POST', key })
    expect(await sign({ method: 'PUT', key, uploadId, partNumber: 2 })).toEqual({ url: 'https://store.example/part-2' })
  })

  it('answers create, list and complete in the place of the store', async () => {
    const sign = signerOf(7 * MIB)
    expect(await textOf(await sign({ method: 'POST', key }))).toContain('<UploadId>upload-1</UploadId>')
    expect(await textOf(await sign({ method: 'GET', key, uploadId }))).toBe('<ListPartsResult></ListPartsResult>')
    const completed = await textOf(await sign({ method: 'POST', key, uploadId }))
    expect(completed).toContain('<Location>https://media.example/v1/assets/asset-1</Location><Key>asset-1</Key>')
    expect(darkroom.routes().at(-1)).toBe('POST /v1/uploads/upload-1/confirm')
  })

  it('lists every part of a file that is confirmed', async () => {
    const sign = signerOf(7 * MIB)
    await sign({ method: 'POST', key })
    await sign({ method: 'POST', key, uploadId })
    const listed = await textOf(await sign({ method: 'GET', key, uploadId }))
    expect(listed.match(/<PartNumber>\d+/g)).toEqual(['<PartNumber>1', '<PartNumber>2'])
  })

  it.each([
    ['an object', { method: 'DELETE' as const, key }],
    ['an upload', { method: 'DELETE' as const, key, uploadId }],
  ])('signs no deletion of %s', async (_name, request) => {
    expect(await textOf(await signerOf(10)(request))).toBe('')
    expect(darkroom.routes()).toEqual([])
  })

  it.each([
    ['a key that is no file of the page', { method: 'PUT' as const, key: 'uploads/other/file' }],
    ['the content of an object', { method: 'GET' as const, key }],
  ])('refuses %s', async (_name, request) => {
    await expect(signerOf(10)(request)).rejects.toThrow(/nothing to sign/)
    expect(darkroom.routes()).toEqual([])
  })
})
