import type { PagePlace } from '@darkroom/contracts/page-paths'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServiceStatus } from '../hooks/use-service-status.ts'
import { useServices } from '../hooks/use-services.ts'
import { useLocation } from '../routing/location.ts'
import { NoticeProvider } from '../ui/notice.tsx'
import { useFocusKeeper } from '../ui/use-focus-keeper.ts'
import { ExplainPage } from './explain/explain-page.tsx'
import { KeysPage } from './keys/keys-page.tsx'
import { ListPage } from './list-page.tsx'
import { PresetPage } from './presets/preset-page.tsx'
import { PresetsPage } from './presets/presets-page.tsx'
import { ProjectPage } from './projects/project-page.tsx'
import { ProjectsPage } from './projects/projects-page.tsx'
import { type Admin, AdminContext } from './session/use-admin.ts'
import { type AdminLink, PageStrip } from './shared/page-strip.tsx'
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
  /** Which link of the strip it belongs to. */
  link: AdminLink
  render: (shown: Shown) => ReactNode
}

type AdminPlace = Exclude<PagePlace, 'files'>

/** Every page below `/admin`. */
const PAGES: Record<AdminPlace, Page> = {
  jobs: {
    link: 'jobs',
    render: ({ location, lastAssetId }) => <ListPage searchParams={location.searchParams} lastAssetId={lastAssetId} />,
  },
  asset: {
    link: 'jobs',
    render: ({ name, location }) => <ExplainPage key={name} id={name} search={location.search} />,
  },
  webhooks: { link: 'webhooks', render: () => <WebhooksPage /> },
  webhook: {
    link: 'webhooks',
    render: ({ name, location }) => <WebhookPage key={name} id={name} searchParams={location.searchParams} />,
  },
  presets: { link: 'presets', render: () => <PresetsPage /> },
  preset: {
    link: 'presets',
    render: ({ name, location }) => <PresetPage key={name} name={name} searchParams={location.searchParams} />,
  },
  keys: { link: 'keys', render: () => <KeysPage /> },
  projects: { link: 'projects', render: () => <ProjectsPage /> },
  project: { link: 'projects', render: ({ name }) => <ProjectPage key={name} id={name} /> },
}

interface AdminPageProps {
  place: AdminPlace
  /** What the path names, if anything. */
  name: string
}

/** Shows the page of each address below `/admin`. */
export default function AdminPage({ place, name }: AdminPageProps) {
  const location = useLocation()
  const page = PAGES[place]
  const root = useRef<HTMLDivElement>(null)
  const [lastAssetId, setLastAssetId] = useState<string | null>(null)
  useFocusKeeper(root)
  useEffect(() => {
    if (place === 'asset') setLastAssetId(name)
  }, [place, name])
  return (
    <AdminContext value={useAdminOfPage()}>
      <NoticeProvider>
        <div ref={root}>
          <PageStrip current={page.link} />
          {page.render({ name, location, lastAssetId })}
        </div>
      </NoticeProvider>
    </AdminContext>
  )
}

function useAdminOfPage(): Admin {
  const { keys, clients } = useServices()
  const { key } = useApiKey()
  const { status } = useServiceStatus()
  const isLocal = status?.mode === 'local'
  // Others for each key.
  const ofKey = clients()
  return useMemo(
    () => ({ clients: ofKey, apiKey: key, forgetKey: isLocal ? null : keys.forget }),
    [ofKey, key, isLocal, keys],
  )
}
