import { Button } from '../../ui/button.tsx'
import type { Advice } from '../advice.ts'
import type { Failure } from '../failure.ts'

interface RowErrorProps {
  name: string
  failure: Failure
  advice: Advice
  /** Null where that can be done elsewhere only. */
  onRetry: (() => void) | null
  onChooseAnother: (() => void) | null
}

/** Shows what went wrong, what to do about it, and the button that does it. */
export function RowError({ name, failure, advice, onRetry, onChooseAnother }: RowErrorProps) {
  return (
    <div
      data-testid="row-error"
      data-code={failure.code}
      className="mt-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 rounded-2xl bg-bad-soft px-4 py-3"
    >
      <div className="min-w-0 flex-1 basis-64 text-sm">
        <p className="font-medium text-bad wrap-anywhere">{failure.detail}</p>
        <p className="mt-0.5">{advice.hint}</p>
        <p className="mt-1 font-mono text-xs text-muted">{failure.code}</p>
      </div>
      {advice.redo && onRetry && (
        <Button look="secondary" onClick={onRetry} data-testid="retry" aria-label={`Retry ${name}`}>
          Retry
        </Button>
      )}
      {advice.chooseAnother && onChooseAnother && (
        <Button look="secondary" onClick={onChooseAnother} data-testid="choose-another">
          Choose another file
        </Button>
      )}
    </div>
  )
}
