import { Button } from './button.tsx'

interface LoadMoreProps {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  testId: string
}

/** Shows the button that loads the next page of a list, where there is one. */
export function LoadMore({ list: { hasNextPage, isFetchingNextPage, fetchNextPage }, testId }: LoadMoreProps) {
  if (!hasNextPage) return null
  return (
    <div className="mt-6 text-center">
      <Button look="secondary" data-testid={testId} disabled={isFetchingNextPage} onClick={() => fetchNextPage()}>
        {isFetchingNextPage ? 'Loading…' : 'Load more'}
      </Button>
    </div>
  )
}
