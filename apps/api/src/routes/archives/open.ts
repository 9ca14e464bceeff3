import { appError } from '@darkroom/contracts'
import { type ArchiveRow, type AssetFile, findArchive, findFiles } from '@darkroom/db/assets'
import { create as contentDisposition } from 'content-disposition'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { assertProjectOpen } from '../../auth/assert-project-open.ts'
import type { ApiDeps } from '../../deps.ts'
import { LinkQuery, problems, type Route, withZod } from '../route.ts'
import { hashShareToken } from '../shares/share-token.ts'
import { entryPaths } from './entry-paths.ts'
import { resumedBytes } from './resumed-bytes.ts'
import { zipStream } from './zip-stream.ts'

/** Archives that one process streams at a time: each holds a connection to the store, which others need as well. */
const MOST_AT_ONCE = 8
const RETRY_SEC = 10

/** Streams the ZIP file of a token out of the store. */
export const openArchiveRoute: Route = (app, deps) => {
  let open = 0
  withZod(app).get(
    '/z/:token',
    {
      config: { sends: ['Retry-After'] },
      schema: {
        operationId: 'openArchive',
        tags: ['Assets'],
        summary: 'Download a ZIP file',
        description:
          'Needs no API key: the token in the path gives access. `Content-Length` is the size of the whole file. A download that breaks off begins anew.',
        params: z.object({ token: z.string() }),
        querystring: LinkQuery,
        response: {
          200: { description: 'The ZIP file.', content: { 'application/zip': { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const archive = await openArchiveOf(deps, request.params.token)
      if (open >= MOST_AT_ONCE) throw appError('ARCHIVE_BUSY', undefined, { retryAfterSec: RETRY_SEC })
      const files = inOrder(archive, await findFiles(deps.database.db, archive))
      if (request.method !== 'HEAD') {
        open++
        reply.raw.once('close', () => open--)
      }
      await send(deps, request, reply, { archive, files })
      return reply
    },
  )
}

async function openArchiveOf({ database }: ApiDeps, token: string): Promise<ArchiveRow> {
  const found = await findArchive(database.db, hashShareToken(token))
  if (!found) throw appError('NOT_FOUND', 'This link does not exist.')
  assertProjectOpen(found.project)
  if (!found.isOpen) throw appError('ARCHIVE_ENDED')
  return found.archive
}

/** Returns the files in the order in which their assets were asked for. */
function inOrder({ assetIds }: ArchiveRow, files: readonly AssetFile[]): AssetFile[] {
  const byAsset = new Map(files.map(file => [file.assetId, file]))
  return assetIds.flatMap(id => byAsset.get(id) ?? [])
}

async function send(
  { store }: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { archive, files }: { archive: ArchiveRow; files: readonly AssetFile[] },
): Promise<void> {
  const controller = new AbortController()
  const paths = entryPaths(files, archive.variant)
  const { byteSize, body } = await zipStream(
    files.map(({ object, createdAt }, at) => ({
      path: paths[at] ?? '',
      byteSize: object.bytes ?? 0,
      modifiedAt: createdAt,
      read: () => resumedBytes(store, object, controller.signal),
    })),
  )
  reply.raw.once('close', () => {
    controller.abort()
    body.destroy()
    const isWhole = reply.raw.writableFinished
    const entry = { audit: 'archive.downloaded', archiveId: archive.id, projectId: archive.projectId, isWhole }
    request.log.info({ ...entry, files: files.length, byteSize }, 'a download of a ZIP file ended')
  })
  reply.headers({
    'content-type': 'application/zip',
    'content-length': byteSize,
    'content-disposition': contentDisposition(`${archive.name}.zip`),
    'cache-control': 'private, no-store',
    'referrer-policy': 'no-referrer',
    'accept-ranges': 'none',
  })
  void reply.send(body)
}
