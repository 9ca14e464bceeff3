import { appError } from '@darkroom/contracts'
import { type AssetRow, type Database, getObject, type StoredObject, variantsOfAsset } from '@darkroom/db'
import { create as contentDisposition } from 'content-disposition'
import type { ApiDeps } from '../../deps.ts'

/**
 * A signed URL of the original, or of a variant. The original is always a download, never shown: its bytes are the
 * client's.
 * @throws NOT_FOUND, ASSET_NOT_READY, or ASSET_DELETED
 */
export async function signFile(
  { database, store }: Pick<ApiDeps, 'database' | 'store'>,
  asset: AssetRow,
  { variant, ttlSec }: { variant: string | undefined; ttlSec: number },
): Promise<string> {
  if (asset.deletedAt) throw appError('ASSET_DELETED')
  const object =
    variant === undefined ? await originalOf(database.db, asset) : await variantOf(database.db, asset, variant)
  return store.presignGet({
    bucket: object.bucket,
    key: object.key,
    versionId: object.versionId,
    expiresInSec: ttlSec,
    responseContentType: object.contentType ?? 'application/octet-stream',
    responseContentDisposition: contentDisposition(asset.filename, {
      type: variant !== undefined && isShown(object) ? 'inline' : 'attachment',
    }),
  })
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
