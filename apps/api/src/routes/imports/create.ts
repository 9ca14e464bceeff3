import { appError, CreateImport, detailsOf, ImportStarted, normalizeMediaType, saysNothing } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { type AssetRecord, findAsset, readAssetRecord } from '@darkroom/db/assets'
import type { Commit, Tx } from '@darkroom/db/client'
import { findJob, type JobRow } from '@darkroom/db/jobs'
import { checkQuota, hasQuota, type Project } from '@darkroom/db/projects'
import { createImport } from '@darkroom/db/uploads'
import { acceptType, cleanFilename, presetSelectorOf } from '@darkroom/ingest'
import { assertAllowedUrl } from '@darkroom/outbound'
import { projectOf } from '../../auth/principal.ts'
import type { ApiDeps } from '../../deps.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentAsset, presentJob } from '../../presenters/asset.ts'
import { problems, type Route, withZod } from '../route.ts'
import { urlName } from './url-name.ts'

/** Has a worker fetch a file from a URL; from there on all goes as with an upload. Nothing is called here. */
export const createImportRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/imports',
    {
      onRequest: app.requireScope('upload'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'createImport',
        tags: ['Uploads'],
        summary: 'Import a file from a URL',
        description:
          'Returns immediately and downloads the file in the background; follow the asset. If the download fails, see `error` of the asset. At most three redirects are followed; each one is checked like the URL itself (SSRF protection).',
        body: CreateImport,
        response: { 202: ImportStarted, ...problems },
      },
    },
    async (request, reply) => {
      const project = projectOf(request.principal)
      const { record, job } = await idempotent<Started>(deps, request, reply, {
        perform: commit => insertImport(deps, project, request.body, commit),
        outcomeOf: started => started.job.id,
        recall: jobId => recall(deps, project.id, jobId),
      })
      deps.faults.crashpoint('create.after-commit')
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ asset: presentAsset(deps, record), job: presentJob(job) })
    },
  )
}

interface Started {
  record: AssetRecord
  job: JobRow
}

async function insertImport(
  { kinds, settings }: ApiDeps,
  project: Project,
  body: CreateImport,
  commit: Commit<Started>,
): Promise<Started> {
  const { url } = assertAllowedUrl(body.url, settings.outboundAllow)
  const { acceptsSvg } = settings
  const rules = { acceptsSvg, unavailable: await kinds.unavailable(), allowedTypes: project.allowedTypes }
  const declared = body.contentType ?? ''
  const contentType = saysNothing(normalizeMediaType(declared)) ? null : acceptType(declared, rules)
  const preset = presetSelectorOf(project, body)
  url.hash = ''
  const insert = async (tx: Tx) => {
    await checkQuota(tx, project, null)
    const created = await createImport(tx, {
      projectId: project.id,
      preset,
      assetId: newId(),
      url: url.href,
      shownUrl: `${url.origin}${url.pathname}`,
      filename: cleanFilename(body.filename ?? urlName(url)),
      contentType,
      ...detailsOf(body),
    })
    const { asset, job } = created
    return { record: { asset, preset: created.preset, delivery: project, variants: [], job }, job }
  }
  return commit(insert, { isOneStatement: !hasQuota(project) })
}

/** Reads what an earlier request with the same key started, in its current state. */
async function recall({ database: { db } }: ApiDeps, projectId: string, jobId: string): Promise<Started> {
  const job = await findJob(db, projectId, jobId)
  const asset = job?.assetId ? await findAsset(db, projectId, job.assetId) : null
  if (!job || !asset || asset.deletedAt) throw appError('ASSET_DELETED')
  return { record: await readAssetRecord(db, asset), job }
}
