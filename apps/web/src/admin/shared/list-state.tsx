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

/** What stands over a list, or in its place: that it is on its way, why it is not there, or what to do about an empty one. */
export function ListState({ what, query: { isPending, error, refetch }, empty }: ListStateProps) {
  if (isForbidden(error)) return <MissingScope reason={error?.message ?? ''} />
  if (error) return <QueryProblem error={error} what={what} onRetry={() => refetch()} />
  if (isPending) return <Loading what={what.toLowerCase()} />
  return empty
}
