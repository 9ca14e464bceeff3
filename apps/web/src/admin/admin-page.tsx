import { useEffect, useMemo, useRef, useState } from 'react'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServiceStatus } from '../hooks/use-service-status.ts'
import { useServices } from '../hooks/use-services.ts'
import { useLocation } from '../routing/location.ts'
import { createAdminApi } from './api/admin-api.ts'
import { createSend } from './api/send.ts'
import { ExplainPage } from './explain/explain-page.tsx'
import { ListPage } from './list-page.tsx'
import { NoticeProvider } from './parts/notice.tsx'
import { type Admin, AdminContext } from './parts/use-admin.ts'
import { useFocusKeeper } from './parts/use-focus-keeper.ts'

/** All that stands below `/admin`. */
export default function AdminPage() {
  const { pathname, search, searchParams } = useLocation()
  const [, assetId] = /^\/admin\/assets\/([0-9a-f-]{36})$/i.exec(pathname) ?? []
  const root = useRef<HTMLDivElement>(null)
  const [lastAssetId, setLastAssetId] = useState<string | null>(null)
  useFocusKeeper(root)
  useEffect(() => {
    if (assetId) setLastAssetId(assetId)
  }, [assetId])
  return (
    <AdminContext value={useAdminOfPage()}>
      <NoticeProvider>
        <div ref={root}>
          {assetId ? (
            <ExplainPage key={assetId} id={assetId} search={search} />
          ) : (
            <ListPage searchParams={searchParams} lastAssetId={lastAssetId} />
          )}
        </div>
      </NoticeProvider>
    </AdminContext>
  )
}

function useAdminOfPage(): Admin {
  const { keys } = useServices()
  const { key } = useApiKey()
  const { status } = useServiceStatus()
  const isLocal = status?.mode === 'local'
  const api = useMemo(() => {
    const send = createSend({
      fetch: (input, init) => fetch(input, init),
      apiKey: () => keys.get().key,
      onUnauthorized: keys.refuse,
    })
    return createAdminApi(send)
  }, [keys])
  return useMemo(() => ({ api, apiKey: key, forgetKey: isLocal ? null : keys.forget }), [api, key, isLocal, keys])
}
