import { appError } from '@darkroom/contracts'
import { randomToken } from '@darkroom/core'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const EXTENSION = /^\.?[a-z0-9]{1,8}$/

export const UPLOAD_PREFIX = 'uploads/'
export const ORIGINAL_PREFIX = 'originals/'
export const VARIANT_PREFIX = 'variants/'

/** Backups of the database, in the private bucket or in one of their own. */
export const BACKUP_PREFIX = 'backups/'

/** Every file of a project lies below one of these. */
export const KEY_PREFIXES = [UPLOAD_PREFIX, ORIGINAL_PREFIX, VARIANT_PREFIX] as const

/** Returns what every key of a project begins with. */
export const prefixesOf = (projectId: string): string[] =>
  KEY_PREFIXES.map(prefix => `${prefix}${checkId('project id', projectId)}/`)

function checkId(name: string, id: string): string {
  if (!UUID.test(id)) throw appError('INTERNAL', `an object key needs a lower-case UUID as its ${name}`)
  return id
}

const mintKey = (prefix: string, projectId: string, assetId: string): string =>
  `${prefix}${checkId('project id', projectId)}/${checkId('asset id', assetId)}/${randomToken(16)}`

/** Returns a new key for bytes on their way in: `uploads/<project>/<asset>/<128 random bits>`. Never made of what a client sent. */
export const uploadKey = (projectId: string, assetId: string): string => mintKey(UPLOAD_PREFIX, projectId, assetId)

/** Returns a new key for a verified original. */
export const originalKey = (projectId: string, assetId: string): string => mintKey(ORIGINAL_PREFIX, projectId, assetId)

const MANIFEST = /^originals\/[^/]+\/[^/]+\/manifest-(\d+)-[^/]+\.json$/

/** Returns a new key for the manifest of an asset's revision, beside its original. */
export const manifestKey = (projectId: string, assetId: string, revision: number): string =>
  `${ORIGINAL_PREFIX}${checkId('project id', projectId)}/${checkId('asset id', assetId)}/manifest-${revision}-${randomToken(16)}.json`

/** Returns the revision of a manifest by its key; null for the key of anything else. */
export function revisionOfManifest(key: string): number | null {
  const revision = MANIFEST.exec(key)?.[1]
  return revision === undefined ? null : Number(revision)
}

/** Returns a new key for a variant; `extension` (`webp` or `.webp`) comes from the encoder, never from a file name. */
export function variantKey(projectId: string, assetId: string, extension?: string): string {
  const key = mintKey(VARIANT_PREFIX, projectId, assetId)
  if (extension === undefined) return key
  if (!EXTENSION.test(extension))
    throw appError('INTERNAL', 'an object key takes an extension of 1 to 8 letters and digits')
  return `${key}.${extension.replace('.', '')}`
}
