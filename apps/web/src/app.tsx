import { placeOf } from '@darkroom/contracts/page-paths'
import { lazy, Suspense, useCallback } from 'react'
import { useAddFiles } from './hooks/use-add-files.ts'
import { useAnnouncement } from './hooks/use-announcement.ts'
import { useApiKey } from './hooks/use-api-key.ts'
import { useAssetFollower } from './hooks/use-asset-follower.ts'
import { useFileDrop } from './hooks/use-file-drop.ts'
import { useLeaveWarning } from './hooks/use-leave-warning.ts'
import { useRows } from './hooks/use-rows.ts'
import { useServiceConditions } from './hooks/use-service-conditions.ts'
import { useServiceStatus } from './hooks/use-service-status.ts'
import { useServices } from './hooks/use-services.ts'
import { useTitle } from './hooks/use-title.ts'
import { navigate, useLocation } from './routing/location.ts'
import { KeyForm } from './session/key-form.tsx'
import { Banner } from './ui/banner.tsx'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { Header } from './ui/header.tsx'
import { NotFound } from './ui/not-found.tsx'
import { UploadPage } from './uploads/page/upload-page.tsx'
import { standingOf } from './uploads/row-state.ts'
import { isUnderWay } from './uploads/upload-item.ts'

/** Loaded by those who open it: most never do. */
const AdminPage = lazy(() => import('./admin/admin-page.tsx'))

/** Shows what all pages share. Uploads continue on every page, and every page accepts files. */
export function App() {
  const { keys } = useServices()
  const { pathname } = useLocation()
  const { key, refused } = useApiKey()
  const rows = useRows()
  const underWay = rows.filter(({ item }) => isUnderWay(item)).length
  const isWaiting = rows.some(({ item, state }) => item.phase === 'following' && state.status === 'waiting')
  const { status, isOffline } = useServiceStatus({ inBackground: underWay > 0, isWaiting })
  const { hold } = useServiceConditions()
  const { addFiles, earlyCount } = useAddFiles(status)
  const shown = placeOf(pathname)
  const isFiles = shown?.place === 'files'
  const isAdmin = shown !== null && shown.place !== 'files'
  const takeFiles = useCallback(
    (files: File[]) => {
      // What becomes of them is shown there.
      if (!isFiles) navigate('/')
      addFiles(files)
    },
    [isFiles, addFiles],
  )
  const drop = useFileDrop(takeFiles)
  const announcement = useAnnouncement(rows)
  useAssetFollower()
  useLeaveWarning(underWay + earlyCount > 0)
  useTitle([standingOf(rows.map(({ state }) => state)), isAdmin ? 'Admin' : null, shown ? null : 'Not found'])

  const needsKey = status?.mode === 'configured' && key === null
  const keyForm = needsKey ? <KeyForm refused={refused} waitingCount={underWay} onEnter={keys.enter} /> : null
  return (
    <>
      {isOffline && (
        <Banner testId="offline">
          {hold === 'offline'
            ? 'You are offline. Uploads continue automatically when you are back online; nothing is lost.'
            : 'Darkroom does not respond. This page retries automatically; nothing is lost.'}
        </Banner>
      )}
      {!isOffline && status?.uploads === 'paused' && (
        <Banner testId="paused">
          Storage does not accept files right now. New files wait; existing files stay available.
        </Banner>
      )}
      <Header
        status={isOffline ? null : status}
        isAdmin={isAdmin}
        underWay={underWay}
        onForgetKey={status?.mode === 'configured' && key ? keys.forget : null}
      />
      <main className="mx-auto max-w-5xl px-4 pt-2 pb-24 sm:px-8">
        <ErrorBoundary key={isAdmin ? 'admin' : 'files'} isHome={!isAdmin}>
          {shown === null && <NotFound path={pathname} />}
          {shown?.place === 'files' && (
            <UploadPage
              status={status}
              rows={rows}
              keyForm={keyForm}
              drop={drop}
              earlyCount={earlyCount}
              onFiles={addFiles}
            />
          )}
          {shown && shown.place !== 'files' && (
            <Suspense fallback={null}>{keyForm ?? <AdminPage place={shown.place} name={shown.name} />}</Suspense>
          )}
        </ErrorBoundary>
      </main>
      <p role="status" className="sr-only" data-testid="announcement">
        <span key={announcement.id}>{announcement.text}</span>
      </p>
    </>
  )
}
