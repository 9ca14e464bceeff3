import { useCallback, useMemo, useRef } from 'react'
import { Banner } from './components/banner.tsx'
import { Dropzone } from './components/dropzone.tsx'
import { FirstSteps } from './components/first-steps.tsx'
import { Header } from './components/header.tsx'
import { KeyForm } from './components/key-form.tsx'
import { Library } from './components/library.tsx'
import { isFinished, Session } from './components/session.tsx'
import { useAnnouncement } from './hooks/use-announcement.ts'
import { useApiKey } from './hooks/use-api-key.ts'
import { useAssetFollower } from './hooks/use-asset-follower.ts'
import { useFileDrop } from './hooks/use-file-drop.ts'
import { useLeaveWarning } from './hooks/use-leave-warning.ts'
import { useLibrary } from './hooks/use-library.ts'
import { useRows } from './hooks/use-rows.ts'
import { useServiceStatus } from './hooks/use-service-status.ts'
import { useServices } from './hooks/use-services.ts'
import { newItems } from './uploads/new-items.ts'

export function App() {
  const { engine, uploads, keys, queryClient, newId } = useServices()
  const { status, isOffline } = useServiceStatus()
  const { key, refused } = useApiKey()
  const rows = useRows()
  const inSession = useMemo(() => new Set(rows.flatMap(({ item }) => item.assetId ?? [])), [rows])
  const library = useLibrary(inSession)
  const announcement = useAnnouncement(rows)
  const inputRef = useRef<HTMLInputElement>(null)
  useAssetFollower()
  useLeaveWarning(rows.some(({ item }) => ['waiting', 'sending', 'confirming'].includes(item.phase)))

  const needsKey = status?.mode === 'configured' && key === null
  const addFiles = useCallback(
    (files: File[]) => {
      if (!needsKey) engine.add(newItems(files, status, newId))
    },
    [engine, status, newId, needsKey],
  )
  const isOver = useFileDrop(addFiles)

  function clearFinished(): void {
    uploads.remove(rows.filter(isFinished).map(({ item }) => item.id))
    void queryClient.invalidateQueries({ queryKey: ['library'] })
  }

  const isEmpty = rows.length === 0 && library.items.length === 0
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
        onForgetKey={status?.mode === 'configured' && key ? keys.forget : null}
      />
      <main className="mx-auto max-w-5xl px-4 pt-2 pb-24 sm:px-8">
        {needsKey ? (
          <KeyForm refused={refused} onEnter={keys.enter} />
        ) : (
          <Dropzone status={status} isOver={isOver} compact={!isEmpty} inputRef={inputRef} onFiles={addFiles} />
        )}
        <Session rows={rows} onClear={clearFinished} onChooseAnother={() => inputRef.current?.click()} />
        {!needsKey && <Library {...library} />}
        {!needsKey && isEmpty && library.isSuccess && (
          <FirstSteps exampleKey={status?.mode === 'local' && key ? key : 'dk_…'} />
        )}
      </main>
      <p role="status" className="sr-only" data-testid="announcement">
        {announcement}
      </p>
    </>
  )
}
