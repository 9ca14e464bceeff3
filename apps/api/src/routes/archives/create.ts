import { ARCHIVE_TTL_SEC, ArchiveCreated, appError, CreateArchive, MAX_ARCHIVE_FILES } from '@darkroom/contracts'
import { createArchive, findFiles } from '@darkroom/db/assets'
import { cleanFilename } from '@darkroom/ingest'
import { repeatable } from '../../idempotency/idempotent.ts'
import { problems, type Route, withZod } from '../route.ts'
import { hashShareToken, newShareToken } from '../shares/share-token.ts'

const DEFAULT_NAME = 'darkroom'

/** Makes a URL under which the files of some assets are downloaded as one ZIP file. */
export const createArchiveRoute: Route = (app, deps) => {
  const { database, settings } = deps
  withZod(app).post(
    '/v1/archives',
    {
      onRequest: app.requireScope('read'),
      config: { sends: ['Location'] },
      schema: {
        operationId: 'createArchive',
        tags: ['Assets'],
        summary: 'Download many files as a ZIP file',
        description: `Answers the URL of a ZIP file with the originals, or one variant, of at most ${MAX_ARCHIVE_FILES} assets, in their folders. It works for ${ARCHIVE_TTL_SEC / 60} minutes. The file is made while it is downloaded.`,
        body: CreateArchive,
        response: { 201: ArchiveCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { projectId, keyId } = request.principal
      const { ids, variant = null, name = DEFAULT_NAME } = request.body
      const assetIds = [...new Set(ids.map(id => id.toLowerCase()))]
      const archive = await repeatable(deps, request, reply, async () => {
        const asked = { projectId, assetIds, variant }
        const files = await findFiles(database.db, asked)
        const byteSize = files.reduce((sum, { object }) => sum + (object.bytes ?? 0), 0)
        if (byteSize > settings.archiveMaxBytes) throw tooLarge(byteSize, settings.archiveMaxBytes)
        const token = newShareToken()
        const made = { ...asked, tokenHash: hashShareToken(token), name: cleanFilename(name), ttlSec: ARCHIVE_TTL_SEC }
        const { id, expiresAt } = await createArchive(database.db, made)
        request.log.info(
          { audit: 'archive.created', archiveId: id, projectId, keyId, files: files.length, byteSize },
          'a ZIP file can be downloaded',
        )
        const found = new Set(files.map(({ assetId }) => assetId))
        return {
          url: `${settings.publicUrl()}/z/${token}`,
          expiresAt: expiresAt.toISOString(),
          files: files.length,
          byteSize,
          missing: assetIds.filter(id => !found.has(id)),
        }
      })
      return reply.code(201).header('location', new URL(archive.url).pathname).send(archive)
    },
  )
}

const tooLarge = (byteSize: number, maxBytes: number) =>
  appError('ARCHIVE_TOO_LARGE', `The files have ${byteSize} bytes. The maximum is ${maxBytes}.`)
