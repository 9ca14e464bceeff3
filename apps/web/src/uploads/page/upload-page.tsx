import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { usePage } from '../../frame/page-context.ts'
import { useApiKey } from '../../hooks/use-api-key.ts'
import { useFilePicker } from '../../hooks/use-file-picker.ts'
import { useLibrary } from '../../hooks/use-library.ts'
import type { Row } from '../../hooks/use-rows.ts'
import { useServices } from '../../hooks/use-services.ts'
import { Library } from '../../library/library.tsx'
import { Session } from '../../session/session.tsx'
import { useKeyAccess } from '../../session/use-key-access.ts'
import { SampleButtons } from '../first-run/sample-buttons.tsx'
import type { Sample } from '../first-run/samples.ts'
import { SnippetsCard } from '../first-run/snippets-card.tsx'
import { isFinished } from '../row-state.ts'
import { Dropzone } from './dropzone.tsx'
import { FirstSteps } from './first-steps.tsx'
import { UploadSettings } from './upload-settings.tsx'

/** Most keys may upload. */
const NoScope = lazy(() => import('../../frame/no-scope.tsx'))

/** Shows the page at `/`: upload files, follow them, find them again. */
export function UploadPage() {
  const { status, rows, drop, earlyCount, addFiles } = usePage()
  const { uploads, queryClient } = useServices()
  const { key } = useApiKey()
  const library = useLibrary(useAssetIds(rows))
  const { inputRef, pick, onChange } = useFilePicker(addFiles)
  const needsKey = status?.mode === 'configured' && key === null
  const denial = useKeyAccess().denialOf('upload')
  const canUpload = !needsKey && denial === null

  const clearFinished = useCallback(() => {
    uploads.remove(rows.filter(({ state }) => isFinished(state)).map(({ item }) => item.id))
    void queryClient.invalidateQueries({ queryKey: ['library'] })
  }, [uploads, queryClient, rows])

  const [sample, setSample] = useState<Sample | null>(null)
  function takeSample(taken: Sample, file: File): void {
    setSample(taken)
    addFiles([file])
  }
  const isFirstRun = library.isComplete && library.items.length === 0
  const exampleKey = status?.mode === 'local' && key ? key : 'dk_…'
  const isEmpty = rows.length === 0 && library.items.length === 0
  return (
    <div className="mx-auto max-w-5xl">
      {denial && (
        <Suspense fallback={null}>
          <NoScope title="Upload" reason={denial} />
        </Suspense>
      )}
      {canUpload && (
        <Dropzone
          status={status}
          isOver={drop.isOver}
          compact={!isEmpty}
          inputRef={inputRef}
          onPick={() => pick()}
          onChange={onChange}
        />
      )}
      {drop.fault && (
        <p role="alert" className="mt-4 text-center text-sm text-bad" data-testid="drop-error">
          {drop.fault}
        </p>
      )}
      {earlyCount > 0 && (
        <p role="status" className="mt-4 text-center text-sm text-muted">
          {earlyCount === 1 ? '1 file waits' : `${earlyCount} files wait`} for the service to answer.
        </p>
      )}
      {canUpload && <UploadSettings />}
      {canUpload && isFirstRun && <SampleButtons onSample={takeSample} />}
      <Session rows={rows} onClear={clearFinished} onChooseAnother={pick} />
      {canUpload && sample && rows.length > 0 && (
        <SnippetsCard title={`${sample.label}, without this page`} file={sample} exampleKey={exampleKey} />
      )}
      {!needsKey && <Library {...library} />}
      {canUpload && isEmpty && library.isComplete && <FirstSteps exampleKey={exampleKey} />}
    </div>
  )
}

/** Returns the ids of the assets in rows: the same set until the ids change. */
function useAssetIds(rows: readonly Row[]): ReadonlySet<string> {
  const ids = rows.flatMap(({ item }) => item.assetId ?? []).join(' ')
  return useMemo(() => new Set(ids.split(' ')), [ids])
}
