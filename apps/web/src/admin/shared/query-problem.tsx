import { DarkroomError } from '@darkroom/sdk'
import { Button } from '../../ui/button.tsx'
import { useAdmin } from '../session/use-admin.ts'

interface QueryProblemProps {
  error: Error
  /** What could not be read, as the subject of a sentence: `The jobs`. */
  what: string
  onRetry: () => void
}

/** Shows why something could not be loaded, with a button to try again. */
export function QueryProblem({ error, what, onRetry }: QueryProblemProps) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-2xl bg-bad-soft px-4 py-3 text-sm">
      <p className="min-w-0 flex-1 basis-64 wrap-anywhere">
        {what} could not be read: {error.message}
      </p>
      <Button look="secondary" onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}

export const isForbidden = (error: Error | null): boolean => error instanceof DarkroomError && error.status === 403
export const isNotFound = (error: Error | null): boolean => error instanceof DarkroomError && error.status === 404

/** Shows a page in place of the admin page, for a key without access. */
export function NoAccess() {
  const { forgetKey } = useAdmin()
  return (
    <section data-testid="no-access" className="mx-auto max-w-md py-16 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">This API key does not have the scope “admin”</h1>
      <p className="mt-3 text-muted text-pretty">
        This page needs a key with that scope. Create one with{' '}
        <code className="font-mono text-sm">npx darkroom keys create</code>.
      </p>
      {forgetKey && (
        <Button look="primary" className="mt-6" onClick={forgetKey}>
          Use another key
        </Button>
      )}
    </section>
  )
}
