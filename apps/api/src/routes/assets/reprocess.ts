import {
  appError,
  type ErrorCode,
  isMediaType,
  MEDIA_TYPES,
  parsePresetSelector,
  ReprocessAsset,
  ReprocessStarted,
} from '@darkroom/contracts'
import { type AssetRow, variantsOfAsset } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { findJob, type JobRow, type Reprocess, reprocessAsset } from '@darkroom/db/jobs'
import { findPreset } from '@darkroom/db/presets'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentJob } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'
import { IfMatchHeaders, revisionsOf } from './revision-tag.ts'

/** Returns the error for an asset without a type: an import that has not downloaded anything yet. */
function whyUntyped({ confirmedAt, deletedAt, status }: AssetRow): ErrorCode {
  if (deletedAt) return 'ASSET_DELETED'
  if (confirmedAt) return 'UNSUPPORTED_TYPE'
  return status === 'processing' ? 'ASSET_NOT_SETTLED' : 'SOURCE_GONE'
}

/**
 * Processes an asset again, by the preset that it has or another one, or makes some of its variants again. What is
 * published stays so until its successor stands.
 */
export const reprocessAssetRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).post(
    '/v1/assets/:id/reprocess',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'reprocessAsset',
        tags: ['Assets'],
        summary: 'Reprocess an asset',
        description:
          'Makes variants that are missing, failed, or would come out different now; other variants stay as they are. Published variants stay published until their replacement is ready, also if the job fails.',
        params: IdParams,
        headers: IfMatchHeaders,
        body: ReprocessAsset.nullish(),
        response: { 202: ReprocessStarted, ...problems },
      },
    },
    async (request, reply) => {
      const from = revisionsOf(request)
      const asset = await assetOf(database.db, request)
      const { contentType, projectId } = asset
      if (!isMediaType(contentType)) throw appError(whyUntyped(asset))
      const job = await idempotent<JobRow>(deps, request, reply, {
        async perform(commit) {
          const wanted = await wantedOf(database.db, asset, request.body ?? {})
          const reprocess = { asset, queue: MEDIA_TYPES[contentType].kind, from, ...wanted }
          return commit(async tx => (await reprocessAsset(tx, reprocess)).job)
        },
        outcomeOf: made => made.id,
        recall: async id => (await findJob(database.db, projectId, id)) ?? raise('NOT_FOUND'),
      })
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ job: presentJob(job) })
    },
  )
}

/** @throws INVALID_REQUEST for a preset or a variant that is not there */
async function wantedOf(
  db: Database,
  { id, projectId }: AssetRow,
  { preset, only }: ReprocessAsset,
): Promise<Pick<Reprocess, 'presetId' | 'onlyVariants'>> {
  if (preset !== undefined) return { presetId: await presetIdOf(db, projectId, preset) }
  if (only === undefined) return {}
  const names = new Set((await variantsOfAsset(db, id)).map(({ name }) => name))
  const unknown = only.find(name => !names.has(name))
  if (unknown !== undefined) throw appError('INVALID_REQUEST', `The asset has no variant named "${unknown}".`)
  return { onlyVariants: [...new Set(only)] }
}

async function presetIdOf(db: Database, projectId: string, text: string): Promise<string> {
  const chosen = parsePresetSelector(text)
  const preset = chosen && (await findPreset(db, projectId, chosen.name, chosen.version))
  return preset?.id ?? raise('INVALID_REQUEST', `There is no preset named "${text}".`)
}
