import type { ReactNode } from 'react'
import { Loading } from '../../ui/loading.tsx'
import { MissingScope } from '../session/missing-scope.tsx'
import { isForbidden, QueryProblem } from './query-problem.tsx'

interface ListStateProps {
  /** What is read, as the subject of a sentence: `The webhooks`. */
  what: string
  query: { isPending: boolean; error: Error | null; refetch: () => unknown }
  /** Given when the answer has nothing in it. */
  empty?: ReactNode
}

/** Shows the state of a list above it or in its place: loading, an error, or what to do when it is empty. */
export function ListState({ what, query: { isPending, error, refetch }, empty }: ListStateProps) {
  if (isForbidden(error)) return <MissingScope reason={error?.message ?? ''} />
  if (error) return <QueryProblem error={error} what={what} onRetry={() => refetch()} />
  if (isPending) return <Loading what={what.toLowerCase()} />
  return empty
}
