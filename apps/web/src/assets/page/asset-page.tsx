import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useApiKey } from '../../hooks/use-api-key.ts'
import { useAssets } from '../../hooks/use-assets.ts'
import { useServices } from '../../hooks/use-services.ts'
import { Empty } from '../../ui/empty.tsx'
import { Loading } from '../../ui/loading.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { FactList } from '../details/fact-list.tsx'
import { Player } from '../details/player.tsx'
import { VariantList } from '../details/variant-list.tsx'
import { readAssets } from '../read-assets.ts'

const BACK = { link: { to: '/library' }, label: 'Library' } as const

/** Shows the page at `/assets/<id>`: one asset with all of its sizes. */
export default function AssetPage() {
  const { assetId } = useParams({ from: '/assets/$assetId' })
  const { clients, assets: store } = useServices()
  const { key } = useApiKey()
  const asset = useAssets().get(assetId)
  const { isPending } = useQuery({
    queryKey: ['asset', key, assetId],
    queryFn: async () => store.put(await readAssets(clients().quick, [assetId])) ?? null,
    enabled: key !== null,
  })
  return (
    <>
      <PageTitle back={BACK}>{asset?.filename ?? 'Asset'}</PageTitle>
      {!asset && isPending && <Loading what="the asset" />}
      {!asset && !isPending && (
        <Empty
          testId="unknown-asset"
          title="Asset not found"
          text="It may have been deleted, or belong to another project."
        />
      )}
      {asset && (
        <>
          <Player asset={asset} className="mb-4" />
          <VariantList asset={asset} />
          <FactList asset={asset} isOpen />
        </>
      )}
    </>
  )
}
