import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { appError, isIndexType, MAX_INDEX_BYTES } from '@darkroom/contracts'
import { type AssetRow, type StoredObject, variantFiles } from '@darkroom/db/assets'
import { referencesIn, replaceReferences } from '@darkroom/storage'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import { fileNameOf, type OpenView, viewUntil } from '../../views/view.ts'
import { assetFor } from '../assets/asset-of-request.ts'
import { signObject } from '../assets/signed-file.ts'
import { LinkQuery, problems, type Route, withZod } from '../route.ts'

/** How long a browser may go on with the URL that it was sent to; a file that is replaced stays longer. */
const MAX_AGE_SEC = 300

interface File {
  name: string
  key: string
  object: StoredObject
}

/**
 * Serves one file of a view. The store sends the bytes, so the answer is a redirect. A text that names other files is
 * sent from here with URLs in the place of the names: URLs of the store, because a script on another origin cannot
 * follow a redirect there, and URLs of the view for texts.
 */
export const viewFileRoute: Route = (app, deps) => {
  const { database, settings, clock } = deps
  withZod(app).get(
    '/v/:token/:file',
    {
      onRequest: app.requireView(),
      schema: {
        operationId: 'getViewFile',
        tags: ['Assets'],
        summary: 'Get a file of a view',
        description:
          'Needs no API key: the token in the path gives access. Playlists and storyboards contain URLs that need no key either.',
        params: z.object({
          token: z.string(),
          file: z.string().meta({ description: 'Name of the variant with its extension.', example: 'hls.m3u8' }),
        }),
        querystring: LinkQuery,
        security: [],
        response: { 200: z.string(), 302: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { token, file: wanted } = request.params
      const { onlyAssetId, expiresAt = 0 } = request.principal
      const asset = await assetFor(database.db, request.principal, onlyAssetId ?? '')
      if (asset.deletedAt) throw appError('ASSET_DELETED')
      const files = await filesOf(deps, asset)
      const file = files.find(candidate => fileNameOf(candidate) === wanted)
      if (!file) throw appError('NOT_FOUND', 'This view has no such file.')
      reply.headers({ 'cross-origin-resource-policy': 'cross-origin', 'referrer-policy': 'no-referrer' })
      const ttlSec = Math.max(1, expiresAt - Math.floor(clock.now().getTime() / 1000))
      if (isIndexType(file.object.contentType)) {
        const view = viewUntil(settings.publicUrl(), token, expiresAt)
        return reply
          .headers({
            'cache-control': 'private, no-store',
            'content-type': `${file.object.contentType}; charset=utf-8`,
          })
          .send(await readIndex(deps, asset, { file, files, view, ttlSec }))
      }
      const url = await signObject(deps, asset, file.object, { ttlSec, isVariant: true })
      return reply.header('cache-control', `private, max-age=${Math.min(ttlSec, MAX_AGE_SEC)}`).redirect(url, 302)
    },
  )
}

async function filesOf({ database }: ApiDeps, { id }: AssetRow): Promise<File[]> {
  const variants = await variantFiles(database.db, id)
  return variants.flatMap(({ name, status, object }) =>
    status === 'ready' && object ? [{ name, key: object.key, object }] : [],
  )
}

async function readIndex(
  deps: ApiDeps,
  asset: AssetRow,
  { file, files, view, ttlSec }: { file: File; files: File[]; view: OpenView; ttlSec: number },
): Promise<string> {
  const { bucket, key, versionId, bytes } = file.object
  if ((bytes ?? 0) > MAX_INDEX_BYTES) throw appError('OUTPUT_TOO_LARGE')
  const { body } = await deps.store.get({ bucket, key, versionId })
  const index = await text(body)
  const byName = new Map(files.map(each => [basename(each.key), each]))
  const urls = referencesIn(index).flatMap(name => {
    const named = byName.get(name)
    return named ? [urlOf(deps, asset, { file: named, view, ttlSec }).then(url => [name, url] as const)] : []
  })
  return replaceReferences(index, new Map(await Promise.all(urls)))
}

const urlOf = async (
  deps: ApiDeps,
  asset: AssetRow,
  { file, view, ttlSec }: { file: File; view: OpenView; ttlSec: number },
): Promise<string> =>
  isIndexType(file.object.contentType)
    ? view.urlOf(file)
    : signObject(deps, asset, file.object, { ttlSec, isVariant: true })
