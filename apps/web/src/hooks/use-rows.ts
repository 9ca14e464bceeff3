import type { Asset } from '@darkroom/contracts'
import { useMemo, useSyncExternalStore } from 'react'
import { type RowView, viewRow } from '../uploads/row-view.ts'
import type { UploadItem } from '../uploads/upload-item.ts'
import { useAssets, useGoneAssets } from './use-assets.ts'
import { useServices } from './use-services.ts'

export interface Row {
  item: UploadItem
  asset: Asset | undefined
  view: RowView
}

/** The files of this session with what is known of their assets. One that was deleted elsewhere is left out. */
export function useRows(): Row[] {
  const { uploads } = useServices()
  const items = useSyncExternalStore(uploads.subscribe, uploads.all)
  const assets = useAssets()
  const gone = useGoneAssets()
  return useMemo(
    () =>
      items
        .filter(({ phase, assetId }) => phase !== 'following' || !assetId || !gone.has(assetId))
        .map(item => {
          const asset = item.assetId ? assets.get(item.assetId) : undefined
          return { item, asset, view: viewRow(item, asset) }
        }),
    [items, assets, gone],
  )
}
