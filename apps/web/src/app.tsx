import { lazy, Suspense } from 'react'
import { Banner } from './components/banner.tsx'
import { Header } from './components/header.tsx'
import { KeyForm } from './components/key-form.tsx'
import { UploadPage } from './components/upload-page.tsx'
import { useAnnouncement } from './hooks/use-announcement.ts'
import { useApiKey } from './hooks/use-api-key.ts'
import { useAssetFollower } from './hooks/use-asset-follower.ts'
import { useLeaveWarning } from './hooks/use-leave-warning.ts'
import { useRows } from './hooks/use-rows.ts'
import { useServiceStatus } from './hooks/use-service-status.ts'
import { useServices } from './hooks/use-services.ts'
import { useLocation } from './routing/location.ts'

/** Loaded by those who open it: most never do. */
const AdminPage = lazy(() => import('./admin/admin-page.tsx'))

/** What all pages share. Uploads go on while another page is looked at. */
export function App() {
  const { keys } = useServices()
  const { pathname } = useLocation()
  const { status, isOffline } = useServiceStatus()
  const { key, refused } = useApiKey()
  const rows = useRows()
  const announcement = useAnnouncement(rows)
  useAssetFollower()
  useLeaveWarning(rows.some(({ item }) => ['waiting', 'sending', 'confirming'].includes(item.phase)))

  const isAdmin = /^\/admin(\/|$)/.test(pathname)
  const needsKey = status?.mode === 'configured' && key === null
  const keyForm = needsKey ? <KeyForm refused={refused} onEnter={keys.enter} /> : null
  return (
    <>
      {isOffline && (
        <Banner testId="offline">Darkroom does not answer. This page tries again by itself; nothing is lost.</Banner>
      )}
      {!isOffline && status?.uploads === 'paused' && (
        <Banner testId="paused">Uploads are paused by the operator. What is here stays available.</Banner>
      )}
      <Header
        status={isOffline ? null : status}
        isAdmin={isAdmin}
        onForgetKey={status?.mode === 'configured' && key ? keys.forget : null}
      />
      <main className="mx-auto max-w-5xl px-4 pt-2 pb-24 sm:px-8">
        {isAdmin ? (
          <Suspense fallback={null}>{keyForm ?? <AdminPage />}</Suspense>
        ) : (
          <UploadPage status={status} rows={rows} keyForm={keyForm} />
        )}
      </main>
      <p role="status" className="sr-only" data-testid="announcement">
        {announcement}
      </p>
    </>
  )
}
