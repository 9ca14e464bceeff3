import { appError, isIndexType } from '@darkroom/contracts'
import { type AssetRow, getObject, type StoredObject, variantFiles } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { create as contentDisposition } from 'content-disposition'
import type { ApiDeps } from '../../deps.ts'
import { openView } from '../../views/view.ts'

type SignDeps = Pick<ApiDeps, 'database' | 'store' | 'settings' | 'clock'>

/**
 * Signs a URL of the original or of a variant that works without a key for a limited time. The store signs it; a text
 * that names other files gets the URL of a view, in which those are found as well. The original is always a download
 * and never shown, because a client chose its bytes.
 * @throws NOT_FOUND, ASSET_NOT_READY, or ASSET_DELETED
 */
export async function signFile(
  deps: SignDeps,
  asset: AssetRow,
  { variant, ttlSec }: { variant: string | undefined; ttlSec: number },
): Promise<string> {
  const { db } = deps.database
  if (asset.deletedAt) throw appError('ASSET_DELETED')
  if (variant === undefined) return signObject(deps, asset, await originalOf(db, asset), { ttlSec, isVariant: false })
  const object = await objectOfVariant(db, asset, variant)
  if (isIndexType(object.contentType)) return openView(deps, asset, ttlSec).urlOf({ name: variant, key: object.key })
  return signObject(deps, asset, object, { ttlSec, isVariant: true })
}

export const signObject = (
  { store }: Pick<ApiDeps, 'store'>,
  { filename }: Pick<AssetRow, 'filename'>,
  object: StoredObject,
  { ttlSec, isVariant }: { ttlSec: number; isVariant: boolean },
): Promise<string> =>
  store.presignGet({
    bucket: object.bucket,
    key: object.key,
    versionId: object.versionId,
    expiresInSec: ttlSec,
    responseContentType: object.contentType ?? 'application/octet-stream',
    responseContentDisposition: contentDisposition(filename, {
      type: isVariant && isShown(object) ? 'inline' : 'attachment',
    }),
  })

/** What a browser shows and never runs. No variant is anything else; if one were, it would be saved. */
const SHOWN =
  /^(image\/(avif|jpeg|png|webp)|(video|audio)\/[\w.+-]+|text\/(plain|vtt)|application\/(json|vnd\.apple\.mpegurl))$/

const isShown = ({ contentType }: StoredObject): boolean => contentType !== null && SHOWN.test(contentType)

async function originalOf(db: Database, asset: AssetRow): Promise<StoredObject> {
  const object = asset.originalObjectId && (await getObject(db, asset.originalObjectId))
  if (!object) throw appError('ASSET_NOT_READY', 'The original does not exist (yet).')
  return object
}

async function objectOfVariant(db: Database, asset: AssetRow, name: string): Promise<StoredObject> {
  const variant = (await variantFiles(db, asset.id)).find(candidate => candidate.name === name)
  if (!variant) throw appError('NOT_FOUND', `The asset has no variant named "${name}".`)
  if (variant.status !== 'ready' || !variant.object) throw appError('ASSET_NOT_READY')
  return variant.object
}
