import type { Row } from '../hooks/use-rows.ts'
import { advise } from '../uploads/advice.ts'
import { Button } from './button.tsx'
import { UploadRow } from './upload-row.tsx'

/** With more files than this, sizes stay folded until asked for. */
const MAX_OPEN_ROWS = 3

interface SessionProps {
  rows: readonly Row[]
  onClear: () => void
  onChooseAnother: () => void
}

/** The files of this visit. */
export function Session({ rows, onClear, onChooseAnother }: SessionProps) {
  if (rows.length === 0) return null
  const done = rows.filter(({ view }) => view.status === 'ready' || view.status === 'partial').length
  return (
    <section aria-labelledby="session-title" className="mt-12">
      <div className="mb-4 flex min-h-11 items-center justify-between gap-4">
        <h2 id="session-title" className="text-xl font-semibold tracking-tight">
          Just now{' '}
          <span className="ml-1 text-base font-normal text-muted">
            {done} of {rows.length} ready
          </span>
        </h2>
        {rows.some(isFinished) && (
          <Button look="quiet" onClick={onClear} data-testid="clear-finished">
            Clear finished
          </Button>
        )}
      </div>
      <ul className="grid gap-3">
        {rows.map(row => (
          <UploadRow
            key={row.item.id}
            {...row}
            openByDefault={rows.length <= MAX_OPEN_ROWS}
            onChooseAnother={onChooseAnother}
          />
        ))}
      </ul>
    </section>
  )
}

/** Nothing more happens to it here: it is in the library, or it never will be. */
export const isFinished = ({ view: { status, failure } }: Row): boolean =>
  status === 'ready' || status === 'partial' || (failure !== null && advise(failure).redo === null)
