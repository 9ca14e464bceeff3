import type { Asset } from '@darkroom/contracts'
import { useState } from 'react'
import { useServices } from '../hooks/use-services.ts'
import { useMay } from '../session/use-may.ts'
import { advise } from '../uploads/advice.ts'
import { type Failure, failureOf } from '../uploads/failure.ts'
import { RowError } from '../uploads/page/row-error.tsx'

/** Shows why something could not be made, with a button to try again where that can help. */
export function AssetProblem({ asset: { id, filename }, failure }: { asset: Asset; failure: Failure | null }) {
  const { engine } = useServices()
  const mayWrite = useMay('write')
  const [retryFailure, setRetryFailure] = useState<Failure | null>(null)
  const shown = retryFailure ?? failure
  if (!shown) return null

  function retry(): void {
    setRetryFailure(null)
    engine.reprocess(id).catch(error => setRetryFailure(failureOf(error, 'process')))
  }
  const canProcess = mayWrite && advise(shown).redo === 'process'
  return (
    <div data-testid="asset-error">
      <RowError
        name={filename}
        failure={shown}
        advice={advise(shown)}
        onRetry={canProcess ? retry : null}
        onChooseAnother={null}
      />
    </div>
  )
}
