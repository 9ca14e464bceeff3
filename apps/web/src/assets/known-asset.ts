import type { Asset, AssetSummary } from '@darkroom/contracts'
import { NO_DETAILS } from '@darkroom/contracts/no-details'

/** An asset as far as the page knows it. */
export interface KnownAsset extends Asset {
  /** Only what a list shows is known, of the variants one: all else stands empty until the asset is read. */
  isSummary?: boolean
  /** A list told of this revision, which is newer than what was read: it is read again. */
  newerRevision?: number
}

/** Converts the summary of an asset in a list to an asset. */
export const assetOfSummary = ({ preview, ...fields }: AssetSummary): KnownAsset => ({
  ...NO_DETAILS,
  ...fields,
  isSummary: true,
  facts: {},
  preset: { name: '', version: 0 },
  original: null,
  variants: preview ? [{ ...preview, required: false, status: 'ready', byteSize: null, sha256: null }] : [],
  job: null,
  estimatedReadyAt: null,
  firstPreviewAt: null,
  sourceExpiresAt: null,
})
