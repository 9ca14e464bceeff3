import { readdir } from 'node:fs/promises'
import { findFinishedPreview, requestPreview } from '@darkroom/db/presets'
import { describe, expect, it } from 'vitest'
import { eventually, PHOTO, sha256, untilStatus, uploaded, useBed } from './harness.ts'

const bed = useBed()
let ready: Promise<string> | undefined
const readyAsset = (): Promise<string> => {
  ready ??= (async () => {
    await bed.startWorker()
    const { asset } = await uploaded(bed, PHOTO, { contentType: 'image/jpeg' })
    return (await untilStatus(bed, asset.id, 'ready')).id
  })()
  return ready
}

const of = (...variants: object[]) => ({ image: { variants } })

async function preview(definition: Record<string, unknown>) {
  const { db } = bed.database
  const assetId = await readyAsset()
  const id = await requestPreview(db, { projectId: bed.projectId, assetId, definition })
  await eventually(async () => (await findFinishedPreview(db, id ?? '')) !== null).toBe(true)
  return findFinishedPreview(db, id ?? '')
}

describe('a preview', () => {
  it('is the very file that a job would make', async () => {
    const fields = { width: 320, height: 200, fit: 'cover', format: 'webp', quality: 70 }
    const made = await preview(of({ name: 'try', ...fields }))
    expect(made).toMatchObject({ contentType: 'image/webp', width: 320, height: 200, error: null })
    const bytes = Buffer.from(made?.body ?? '', 'base64')
    expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WEBP'])
    const again = await preview(of({ name: 'other', ...fields }))
    expect(sha256(Buffer.from(again?.body ?? ''))).toBe(sha256(Buffer.from(made?.body ?? '')))
  })

  it('leaves neither objects nor files', async () => {
    await readyAsset()
    const before = bed.b2.requests.list().filter(({ operation }) => operation === 'PutObject').length
    await preview(of({ name: 'try', width: 64, format: 'jpeg' }))
    expect(bed.b2.requests.list().filter(({ operation }) => operation === 'PutObject')).toHaveLength(before)
    const [own = ''] = (await readdir(bed.tempDir)).filter(name => name.endsWith(`-${process.pid}`))
    await eventually(async () => (await readdir(`${bed.tempDir}/${own}`)).filter(name => name !== 'processes')).toEqual(
      [],
    )
  })

  it('is nothing where the variant does not apply to the file', async () => {
    expect(await preview(of({ name: 'try', width: 64, format: 'webp', when: { animated: true } }))).toMatchObject({
      body: null,
      error: null,
    })
  })

  it('says why it could not be made', async () => {
    const failed = await preview(of({ name: 'try', format: 'png', maxBytes: 500 }))
    expect(failed).toMatchObject({ body: null, error: { code: 'OUTPUT_TOO_LARGE' } })
  })
})
