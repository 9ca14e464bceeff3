import type { Asset } from '@darkroom/contracts'
import { useMemo, useSyncExternalStore } from 'react'
import { type RowState, rowStateOf } from '../uploads/row-state.ts'
import type { UploadItem } from '../uploads/upload-item.ts'
import { useAssets, useGoneAssets } from './use-assets.ts'
import { useServiceConditions } from './use-service-conditions.ts'
import { useServices } from './use-services.ts'

export interface Row {
  item: UploadItem
  asset: Asset | undefined
  state: RowState
}

/**
 * Returns the files of this session with what is known of their assets, without those that were deleted elsewhere. Rows
 * that did not change stay the same objects, because of hundreds only a few change at a time.
 */
export function useRows(): Row[] {
  const { uploads } = useServices()
  const around = useServiceConditions()
  const items = useSyncExternalStore(uploads.subscribe, uploads.all)
  const assets = useAssets()
  const gone = useGoneAssets()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said under other conditions is not known any more.
  const known = useMemo(() => new WeakMap<UploadItem, Row>(), [around])
  return useMemo(
    () =>
      items
        .filter(({ phase, assetId }) => phase !== 'following' || !assetId || !gone.has(assetId))
        .map(item => {
          const asset = item.assetId ? assets.get(item.assetId) : undefined
          const row = known.get(item)
          if (row && row.asset === asset) return row
          const news = { item, asset, state: rowStateOf(item, asset, around) }
          known.set(item, news)
          return news
        }),
    [items, assets, gone, known, around],
  )
}
