import { CSPProvider } from '@base-ui/react/csp-provider'
import { Outlet, useMatches, useNavigate, useRouter } from '@tanstack/react-router'
import { useCallback, useMemo, useRef } from 'react'
import { AdminContext } from '../admin/session/use-admin.ts'
import { useAddFiles } from '../hooks/use-add-files.ts'
import { useAnnouncement } from '../hooks/use-announcement.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useAssetFollower } from '../hooks/use-asset-follower.ts'
import { useFileDrop } from '../hooks/use-file-drop.ts'
import { useLeaveWarning } from '../hooks/use-leave-warning.ts'
import { type Row, useRows } from '../hooks/use-rows.ts'
import { useServiceStatus } from '../hooks/use-service-status.ts'
import { useServices } from '../hooks/use-services.ts'
import { PaletteHost } from '../palette/palette-host.tsx'
import { useKeyAccess } from '../session/use-key-access.ts'
import { NoticeProvider } from '../ui/notice.tsx'
import { useFocusKeeper } from '../ui/use-focus-keeper.ts'
import { isUnderWay } from '../uploads/upload-item.ts'
import { Banners } from './banners.tsx'
import { KeyGate } from './key-gate.tsx'
import { PageContext } from './page-context.ts'
import { BottomBar, TopBar } from './phone-bars.tsx'
import { Rail } from './rail.tsx'
import { ScopeGate } from './scope-gate.tsx'
import { useAdminOfPage } from './use-admin-of-page.ts'
import { useIsWide } from './use-is-wide.ts'
import { usePageTitle } from './use-page-title.ts'

/** Shows what all pages share. Uploads continue on every page, and every page accepts files. */
export function Frame() {
  const { keys } = useServices()
  const { key } = useApiKey()
  const isWide = useIsWide()
  const rows = useRows()
  const underWay = rows.filter(({ item }) => isUnderWay(item)).length
  const isWaiting = rows.some(({ item, state }) => item.phase === 'following' && state.status === 'waiting')
  const { status, isOffline } = useServiceStatus({ inBackground: underWay > 0, isWaiting })
  const { addFiles, earlyCount } = useAddFiles(status)
  const drop = useFileDrop(useTakeFiles(addFiles), useKeyAccess().denialOf('upload'))
  useAssetFollower()
  useLeaveWarning(underWay + earlyCount > 0)
  usePageTitle(rows)
  const isFullWidth = useMatches({ select: matches => matches.at(-1)?.staticData.isFullWidth ?? false })
  const main = useRef<HTMLElement>(null)
  useFocusKeeper(main)

  const forgetKey = status?.mode === 'configured' && key ? keys.forget : null
  const page = useMemo(
    () => ({ status, rows, underWay, drop, earlyCount, addFiles, forgetKey }),
    [status, rows, underWay, drop, earlyCount, addFiles, forgetKey],
  )
  return (
    <PageContext value={page}>
      <AdminContext value={useAdminOfPage(status)}>
        <NoticeProvider>
          <CSPProvider disableStyleElements>
            <PaletteHost>
              <Banners status={status} isOffline={isOffline} />
              <div className="md:flex">
                {isWide ? <Rail status={isOffline ? null : status} /> : <TopBar />}
                <main ref={main} className="min-w-0 flex-1 px-4 pt-2 pb-24 sm:px-8 md:pt-6">
                  <div className={`mx-auto ${isFullWidth ? 'max-w-400' : 'max-w-6xl'}`}>
                    <KeyGate>
                      <ScopeGate>
                        <Outlet />
                      </ScopeGate>
                    </KeyGate>
                  </div>
                </main>
                {!isWide && <BottomBar />}
              </div>
              <Announcement rows={rows} />
            </PaletteHost>
          </CSPProvider>
        </NoticeProvider>
      </AdminContext>
    </PageContext>
  )
}

/** Returns what takes files that were dropped on any page; what becomes of them is shown on the first one. */
function useTakeFiles(addFiles: (files: File[]) => void) {
  const navigate = useNavigate()
  const router = useRouter()
  return useCallback(
    (files: File[]) => {
      if (router.state.location.pathname !== '/') void navigate({ to: '/' })
      addFiles(files)
    },
    [router, navigate, addFiles],
  )
}

function Announcement({ rows }: { rows: Row[] }) {
  const { id, text } = useAnnouncement(rows)
  return (
    <p role="status" className="sr-only" data-testid="announcement">
      <span key={id}>{text}</span>
    </p>
  )
}
