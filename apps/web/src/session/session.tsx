import type { Row } from '../hooks/use-rows.ts'
import { useServices } from '../hooks/use-services.ts'
import { Button } from '../ui/button.tsx'
import { QueueBar } from '../uploads/page/queue-bar.tsx'
import { UploadRow } from '../uploads/page/upload-row.tsx'
import { canRetry, isFinished, isThere } from '../uploads/row-state.ts'

/** With more files than this, sizes stay folded until asked for. */
const MAX_OPEN_ROWS = 3

interface SessionProps {
  rows: readonly Row[]
  onClear: () => void
  onChooseAnother: (onChosen: () => void) => void
}

/** Lists the files of this session. */
export function Session({ rows, onClear, onChooseAnother }: SessionProps) {
  const { engine } = useServices()
  if (rows.length === 0) return null
  const done = rows.filter(({ state }) => isThere(state)).length
  const failed = rows.flatMap(({ item, state: { failure } }) => (failure && canRetry(failure) ? { item, failure } : []))
  return (
    <section aria-labelledby="session-title" className="mt-12" data-keeps-focus>
      <div className="mb-4 flex min-h-11 flex-wrap items-center justify-between gap-x-4">
        <h2
          id="session-title"
          tabIndex={-1}
          data-focus-home
          className="text-xl font-semibold tracking-tight outline-none"
        >
          Just now{' '}
          <span className="ml-1 text-base font-normal text-muted">
            {done} of {rows.length} ready
          </span>
        </h2>
        <div className="-mx-3 flex flex-wrap items-center">
          {failed.length > 1 && (
            <Button look="quiet" onClick={() => engine.retryAll(failed)} data-testid="retry-failed">
              Retry {failed.length} failed
            </Button>
          )}
          {rows.some(({ state }) => isFinished(state)) && (
            <Button look="quiet" onClick={onClear} data-testid="clear-finished">
              Clear finished
            </Button>
          )}
        </div>
      </div>
      <QueueBar rows={rows} />
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
