import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServiceStatus } from '../hooks/use-service-status.ts'
import { useServices } from '../hooks/use-services.ts'
import { useLocation } from '../routing/location.ts'
import { createAdminApi } from './api/admin-api.ts'
import { createSend, createSendOnce } from './api/send.ts'
import { ExplainPage } from './explain/explain-page.tsx'
import { KeysPage } from './keys/keys-page.tsx'
import { ListPage } from './list-page.tsx'
import { NoticeProvider } from './parts/notice.tsx'
import { PageStrip, type Place } from './parts/page-strip.tsx'
import { type Admin, AdminContext } from './parts/use-admin.ts'
import { useFocusKeeper } from './parts/use-focus-keeper.ts'
import { PresetPage } from './presets/preset-page.tsx'
import { PresetsPage } from './presets/presets-page.tsx'
import { ProjectPage } from './projects/project-page.tsx'
import { ProjectsPage } from './projects/projects-page.tsx'
import { WebhookPage } from './webhooks/webhook-page.tsx'
import { WebhooksPage } from './webhooks/webhooks-page.tsx'

interface Shown {
  /** What the path names, if anything. */
  name: string
  location: URL
  /** Whose explanation was looked at before, null at first. */
  lastAssetId: string | null
}

interface Page {
  path: RegExp
  /** Which link of the strip it belongs to. */
  place: Place
  render: (shown: Shown) => ReactNode
}

/** Every page below `/admin`. The first that fits is shown; a path that none has leads to the jobs. */
const PAGES: Page[] = [
  {
    path: /^\/admin\/assets\/([0-9a-f-]{36})$/i,
    place: 'jobs',
    render: ({ name, location }) => <ExplainPage key={name} id={name} search={location.search} />,
  },
  { path: /^\/admin\/webhooks$/, place: 'webhooks', render: () => <WebhooksPage /> },
  {
    path: /^\/admin\/webhooks\/([0-9a-f-]{36})$/i,
    place: 'webhooks',
    render: ({ name, location }) => <WebhookPage key={name} id={name} searchParams={location.searchParams} />,
  },
  { path: /^\/admin\/presets$/, place: 'presets', render: () => <PresetsPage /> },
  {
    path: /^\/admin\/presets\/([a-z0-9-]+)$/,
    place: 'presets',
    render: ({ name, location }) => <PresetPage key={name} name={name} searchParams={location.searchParams} />,
  },
  { path: /^\/admin\/keys$/, place: 'keys', render: () => <KeysPage /> },
  { path: /^\/admin\/projects$/, place: 'projects', render: () => <ProjectsPage /> },
  {
    path: /^\/admin\/projects\/([0-9a-f-]{36})$/i,
    place: 'projects',
    render: ({ name }) => <ProjectPage key={name} id={name} />,
  },
  {
    path: /^/,
    place: 'jobs',
    render: ({ location, lastAssetId }) => <ListPage searchParams={location.searchParams} lastAssetId={lastAssetId} />,
  },
]

function pageOf(path: string): { page: Page | undefined; name: string } {
  const page = PAGES.find(each => each.path.test(path))
  return { page, name: page?.path.exec(path)?.[1] ?? '' }
}

/** All that stands below `/admin`. */
export default function AdminPage() {
  const location = useLocation()
  const { page, name } = pageOf(location.pathname)
  const root = useRef<HTMLDivElement>(null)
  const [lastAssetId, setLastAssetId] = useState<string | null>(null)
  useFocusKeeper(root)
  useEffect(() => {
    if (page?.place === 'jobs' && name) setLastAssetId(name)
  }, [page, name])
  return (
    <AdminContext value={useAdminOfPage()}>
      <NoticeProvider>
        <div ref={root}>
          {page && (
            <>
              <PageStrip current={page.place} />
              {page.render({ name, location, lastAssetId })}
            </>
          )}
        </div>
      </NoticeProvider>
    </AdminContext>
  )
}

function useAdminOfPage(): Admin {
  const { keys, newId } = useServices()
  const { key } = useApiKey()
  const { status } = useServiceStatus()
  const isLocal = status?.mode === 'local'
  const api = useMemo(() => {
    const send = createSend({
      fetch: (input, init) => fetch(input, init),
      apiKey: () => keys.get().key,
      onUnauthorized: keys.refuse,
    })
    return createAdminApi(send, createSendOnce(send, newId))
  }, [keys, newId])
  return useMemo(() => ({ api, apiKey: key, forgetKey: isLocal ? null : keys.forget }), [api, key, isLocal, keys])
}
