import type { ServiceStatus } from '@darkroom/contracts'
import { type ReactNode, useMemo, useRef } from 'react'
import { useAddFiles } from '../hooks/use-add-files.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useFileDrop } from '../hooks/use-file-drop.ts'
import { useLibrary } from '../hooks/use-library.ts'
import type { Row } from '../hooks/use-rows.ts'
import { useServices } from '../hooks/use-services.ts'
import { Dropzone } from './dropzone.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Library } from './library.tsx'
import { isFinished, Session } from './session.tsx'

interface UploadPageProps {
  status: ServiceStatus | null
  rows: Row[]
  /** Asks for a key where one is needed; nothing can be added until then. */
  keyForm: ReactNode
}

/** The page at `/`: drop files, watch them, find them again. */
export function UploadPage({ status, rows, keyForm }: UploadPageProps) {
  const { uploads, queryClient } = useServices()
  const { key } = useApiKey()
  const inSession = useMemo(() => new Set(rows.flatMap(({ item }) => item.assetId ?? [])), [rows])
  const library = useLibrary(inSession)
  const inputRef = useRef<HTMLInputElement>(null)
  const needsKey = keyForm !== null
  const addFiles = useAddFiles(needsKey ? null : status)
  const isOver = useFileDrop(addFiles)

  function clearFinished(): void {
    uploads.remove(rows.filter(isFinished).map(({ item }) => item.id))
    void queryClient.invalidateQueries({ queryKey: ['library'] })
  }

  const isEmpty = rows.length === 0 && library.items.length === 0
  return (
    <>
      {keyForm ?? (
        <Dropzone status={status} isOver={isOver} compact={!isEmpty} inputRef={inputRef} onFiles={addFiles} />
      )}
      <Session rows={rows} onClear={clearFinished} onChooseAnother={() => inputRef.current?.click()} />
      {!needsKey && <Library {...library} />}
      {!needsKey && isEmpty && library.isSuccess && (
        <FirstSteps exampleKey={status?.mode === 'local' && key ? key : 'dk_…'} />
      )}
    </>
  )
}
