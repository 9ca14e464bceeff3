import { setTimeout as sleep } from 'node:timers/promises'
import { appError, errorEntry, PresetPreview, PreviewPreset } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { deletePreview, findFinishedPreview, type PresetPreviewRow, requestPreview } from '@darkroom/db/presets'
import { readWorkerCapacity } from '../../presets/worker-capacity.ts'
import { assetFor } from '../assets/asset-of-request.ts'
import { problems, type Route, withZod } from '../route.ts'

const WAIT_MS = 25_000
const LOOK_EVERY_MS = 80

/** Makes one variant of an asset by a preset that nobody has stored, and keeps nothing of it. */
export const previewPresetRoute: Route = (app, { database: { db } }) => {
  withZod(app).post(
    '/v1/presets/preview',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'previewPreset',
        tags: ['Presets'],
        summary: 'Preview a variant',
        description:
          'A worker makes the variant from the original, with the same encoders as a job, and the answer has the file. Nothing is stored. For variants that are images of at most 4 MB, of originals of at most 200 MB. A project can have three previews at a time, else 429.',
        body: PreviewPreset,
        response: { 200: PresetPreview, ...problems },
      },
    },
    async request => {
      const { assetId, definition } = request.body
      const asset = await assetFor(db, request.principal, assetId)
      if (!asset.sha256) throw appError('ASSET_NOT_READY', 'The original of this asset was not read yet.')
      await readWorkerCapacity(db)
      const id = await requestPreview(db, { projectId: asset.projectId, assetId: asset.id, definition })
      if (!id) throw appError('RATE_LIMITED', 'Your project has three previews under way.', { retryAfterSec: 1 })
      try {
        return present(await waitFor(db, id, request.raw.socket))
      } finally {
        await deletePreview(db, id)
      }
    },
  )
}

/** @throws UNAVAILABLE when no worker made it in time, or nobody waits for it any more */
async function waitFor(db: Database, id: string, socket: { destroyed: boolean }): Promise<PresetPreviewRow> {
  const until = performance.now() + WAIT_MS
  while (performance.now() < until && !socket.destroyed) {
    const row = await findFinishedPreview(db, id)
    if (row) return row
    await sleep(LOOK_EVERY_MS)
  }
  throw appError('UNAVAILABLE', 'No worker made the preview in time.', { retryAfterSec: 5 })
}

function present({ createdAt, finishedAt, body, contentType, width, height, error }: PresetPreviewRow): PresetPreview {
  const file =
    body === null || contentType === null
      ? null
      : { contentType, width, height, byteSize: Buffer.byteLength(body, 'base64'), base64: body }
  return {
    outcome: error ? 'failed' : file ? 'made' : 'skipped',
    file,
    error: error && { ...error, retryable: errorEntry(error.code).retryable },
    elapsedMs: Math.max(0, (finishedAt ?? createdAt).getTime() - createdAt.getTime()),
  }
}
