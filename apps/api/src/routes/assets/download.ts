import { appError, DownloadQuery } from '@darkroom/contracts'
import { type AssetRow, type Database, getObject, type StoredObject, variantsOfAsset } from '@darkroom/db'
import { create as contentDisposition } from 'content-disposition'
import { z } from 'zod'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** Sends the client to a signed URL. The original is always a download, never shown: its bytes are the client's. */
export const downloadAssetRoute: Route = (app, { database, store }) => {
  withZod(app).get(
    '/v1/assets/:id/download',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      schema: {
        tags: ['Assets'],
        summary: 'Download the original or a variant',
        params: IdParams,
        querystring: DownloadQuery,
        response: { 302: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { variant, ttl } = request.query
      const asset = await assetOf(database.db, request)
      if (asset.deletedAt) throw appError('ASSET_DELETED')
      const object =
        variant === undefined ? await originalOf(database.db, asset) : await variantOf(database.db, asset, variant)
      const url = await store.presignGet({
        bucket: object.bucket,
        key: object.key,
        versionId: object.versionId,
        expiresInSec: ttl,
        responseContentType: object.contentType ?? 'application/octet-stream',
        responseContentDisposition: contentDisposition(asset.filename, {
          type: variant !== undefined && isShown(object) ? 'inline' : 'attachment',
        }),
      })
      return reply.header('cache-control', 'private, no-store').redirect(url, 302)
    },
  )
}

/** What a browser shows and never runs. No variant is anything else; if one were, it would be saved. */
const SHOWN =
  /^(image\/(avif|jpeg|png|webp)|(video|audio)\/[\w.+-]+|text\/(plain|vtt)|application\/(json|vnd\.apple\.mpegurl))$/

const isShown = ({ contentType }: StoredObject): boolean => contentType !== null && SHOWN.test(contentType)

async function originalOf(db: Database, asset: AssetRow): Promise<StoredObject> {
  const object = asset.originalObjectId && (await getObject(db, asset.originalObjectId))
  if (!object) throw appError('ASSET_NOT_READY', 'The original is not there (yet).')
  return object
}

async function variantOf(db: Database, asset: AssetRow, name: string): Promise<StoredObject> {
  const variants = await variantsOfAsset(db, asset.id)
  const variant = variants.find(candidate => candidate.name === name)
  if (!variant) throw appError('NOT_FOUND', `The asset has no variant named "${name}".`)
  const object = variant.objectId && (await getObject(db, variant.objectId))
  if (variant.status !== 'ready' || !object) throw appError('ASSET_NOT_READY')
  return object
}
