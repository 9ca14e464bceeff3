import { beforeAll, describe, expect, it } from 'vitest'
import { createClient, type FileToUpload } from './harness/client.ts'
import type { Problem } from './harness/contract.ts'
import { createProject, type Project } from './harness/installation.ts'
import { madePdf, madeVideo } from './harness/media.ts'
import { madePhoto, pixelBomb } from './harness/photos.ts'
import { hasTool } from './harness/tools.ts'

const WITHIN_MS = 180_000
const hasTools = hasTool('ffmpeg', 'ffmpeg') && hasTool('ffprobe', 'ffmpeg')
const bytesOf = (content: Uint8Array | string) => new Uint8Array(Buffer.from(content))
const SCRIPT = bytesOf('#!/bin/sh\necho harmless; exec rm -rf "$HOME/nothing"\n')
const PAGE = bytesOf('<!doctype html><html><body><script>document.write(1)</script></body></html>')
const SVG = bytesOf('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>')
const PROGRAM = bytesOf(`MZ${'\0'.repeat(58)}\x80${'\0'.repeat(67)}PE\0\0${'\0'.repeat(200)}`)

let project: Project
let photo: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  project = await createProject()
  photo = await madePhoto({ width: 400, height: 300 })
})

const file = (name: string, contentType: string, bytes: Uint8Array): FileToUpload => ({
  name,
  contentType,
  bytes: new Uint8Array(bytes),
})
/** As the operator: settings are not for keys of a project. */
const set = async (json: object) => {
  const { status, body } = await createClient({ url: project.client.url }).request<object>('PATCH', project.path, {
    json,
  })
  expect({ status, body }).toMatchObject({ status: 200, body: json })
}
async function process(name: string, contentType: string, bytes: Uint8Array) {
  const { asset } = await project.client.upload(file(name, contentType, bytes))
  return project.client.settled(asset.id, WITHIN_MS)
}

describe('without the setting', () => {
  it('a misnamed file is refused, as it always was', async () => {
    expect(await process('photo.png', 'image/png', photo)).toMatchObject({ error: { code: 'TYPE_MISMATCH' } })
  })

  it.each([
    ['application/octet-stream', 'photo.jpg'],
    ['', 'photo.JPEG'],
    ['binary/octet-stream', 'photo.jpg'],
  ])('what is declared as "%s" is what its name (%s) says', async (contentType, name) => {
    expect(await process(name, contentType, photo)).toMatchObject({ status: 'ready', contentType: 'image/jpeg' })
  })

  it('an empty type with .pdf is a document', async () => {
    const asset = await process('paper.pdf', '', madePdf(1))
    expect(asset).toMatchObject({ status: 'ready', kind: 'document', contentType: 'application/pdf', pageCount: 1 })
  })

  it('what says nothing under a name that says nothing is refused before it is sent', async () => {
    const json = { filename: 'photo', contentType: 'application/octet-stream', byteSize: 10 }
    const { status, body } = await project.client.request<Problem>('POST', '/v1/uploads', { json })
    expect([status, body.code]).toEqual([415, 'UNSUPPORTED_TYPE'])
  })
})

describe('with detectTypeByContent', () => {
  beforeAll(() => set({ detectTypeByContent: true }))

  it('a .png that is a JPEG becomes one, and its original is given out as one', async () => {
    const asset = await process('photo.png', 'image/png', photo)
    expect(asset).toMatchObject({ status: 'ready', kind: 'image', contentType: 'image/jpeg', width: 400, error: null })
    expect(asset.variants.map(({ status }) => status)).not.toContain('failed')
    const original = await project.client.download(asset.original?.downloadUrl ?? '')
    expect(original.headers.get('content-type')).toBe('image/jpeg')
    expect(original.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(original.body).toEqual(photo)
  })

  it('what was found holds when the setting is taken back and the asset is reprocessed', async () => {
    const { id } = await process('again.png', 'image/png', photo)
    await set({ detectTypeByContent: false })
    const { status } = await project.client.request('POST', `/v1/assets/${id}/reprocess`, { json: {} })
    expect(status).toBe(202)
    expect(await project.client.settled(id)).toMatchObject({ status: 'ready', contentType: 'image/jpeg' })
    await set({ detectTypeByContent: true })
  })

  it.each([
    ['photo', 'application/octet-stream'],
    ['photo.mp4', ''],
  ])('%s declared as "%s" with a JPEG in it is an image', async (name, contentType) => {
    const asset = await process(name, contentType, photo)
    expect(asset).toMatchObject({ status: 'ready', kind: 'image', contentType: 'image/jpeg' })
  })

  it.skipIf(!hasTools)('a video as application/octet-stream, or as an image, is a video', async () => {
    for (const [name, contentType] of [
      ['video.mov', 'application/octet-stream'],
      ['video.jpg', 'image/jpeg'],
    ] as const) {
      const asset = await process(name, contentType, madeVideo())
      expect(asset).toMatchObject({ status: 'ready', kind: 'video', contentType: 'video/quicktime', error: null })
    }
  })

  it.each([
    ['a script', SCRIPT, 'TYPE_MISMATCH'],
    ['a page', PAGE, 'TYPE_MISMATCH'],
    ['an SVG with a script', SVG, 'TYPE_MISMATCH'],
    ['a program', PROGRAM, 'UNSUPPORTED_TYPE'],
  ])('%s named .png is still refused, and nothing of it is kept', async (_, bytes, code) => {
    const asset = await process('photo.png', 'image/png', bytes)
    expect(asset).toMatchObject({ status: 'failed', error: { code }, original: null, variants: [] })
  })

  it.each([
    ['a page', PAGE],
    ['an SVG', SVG],
  ])('%s that nobody said anything of is refused', async (_, bytes) => {
    const asset = await process('thing', 'application/octet-stream', bytes)
    expect(asset).toMatchObject({ status: 'failed', error: { code: 'UNRECOGNIZED_TYPE' } })
  })

  it('an image with too many pixels is refused, whatever it was said to be', async () => {
    const asset = await process('small.mp4', 'video/mp4', await pixelBomb())
    expect(asset).toMatchObject({ status: 'failed', error: { code: 'TOO_MANY_PIXELS' } })
  })

  it('what is of a type that the project does not take is refused, in words that name it', async () => {
    await set({ allowedTypes: ['image/png', 'application/pdf'] })
    const { status, error } = await process('photo.png', 'image/png', photo)
    expect([status, error?.code]).toEqual(['failed', 'UNSUPPORTED_TYPE'])
    expect(error?.message).toContain('image/jpeg')
    const paper = await process('paper.png', 'image/png', madePdf(1))
    expect(paper).toMatchObject({ status: 'ready', kind: 'document', contentType: 'application/pdf' })
    await set({ allowedTypes: null })
  })
})
