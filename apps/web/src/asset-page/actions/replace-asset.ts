import type { Asset } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'

export interface Replacement {
  /** Whether the former asset is deleted once the new one is ready. */
  deletesFormer: boolean
  onProgress: (sent: number) => void
  signal: AbortSignal
}

/**
 * Uploads a file with all that people said of an asset, and then takes its place: its id of yours moves over, and the former asset
 * is deleted. Its focal point is not taken over: what matters is elsewhere in another image.
 * @returns the id of the new asset
 */
export async function replaceAsset(
  darkroom: Darkroom,
  asset: Asset,
  file: File,
  { deletesFormer, onProgress, signal }: Replacement,
): Promise<string> {
  const { preset, folder, tags, metadata, title, altText, description, externalId } = asset
  const { asset: created, waitUntilReady } = await darkroom.upload(file, {
    preset: preset.name,
    folder,
    tags,
    metadata,
    ...(title && { title }),
    ...(altText !== null && { altText }),
    ...(description && { description }),
    signal,
    onProgress: ({ sentBytes, totalBytes }) => onProgress(totalBytes === 0 ? 0 : sentBytes / totalBytes),
  })
  // Only then: what cannot be processed must not take the place of what can be seen.
  await waitUntilReady({ signal })
  if (externalId !== null) {
    await darkroom.assets.update(asset.id, { externalId: null })
    await darkroom.assets.update(created.id, { externalId })
  }
  if (deletesFormer) await darkroom.assets.delete(asset.id)
  return created.id
}
