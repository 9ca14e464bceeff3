import { lazy, Suspense, useState } from 'react'
import { isForbidden } from '../api/clients.ts'
import type { useLibrary } from '../hooks/use-library.ts'
import { useWholeAsset } from '../hooks/use-whole-asset.ts'
import { Button } from '../ui/button.tsx'
import { LibraryTile } from './library-tile.tsx'

const AssetDialog = lazy(async () => ({ default: (await import('../assets/details/asset-dialog.tsx')).AssetDialog }))

type LibraryProps = ReturnType<typeof useLibrary>

/** Shows the assets that were uploaded before, newest first. */
export function Library({ items, hasMore, isLoading, error, loadMore, tryAgain }: LibraryProps) {
  const [openId, setOpenId] = useState<string | null>(null)
  const open = items.find(asset => asset.id === openId)
  useWholeAsset(open)
  if (items.length === 0 && !error && !hasMore) return null
  return (
    <section aria-labelledby="library-title" className="mt-14" data-keeps-focus>
      <h2
        id="library-title"
        tabIndex={-1}
        data-focus-home
        className="mb-5 text-xl font-semibold tracking-tight outline-none"
      >
        Library
      </h2>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-6 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4">
        {items.map(asset => (
          <LibraryTile key={asset.id} asset={asset} onOpen={setOpenId} />
        ))}
      </ul>
      {error && <Problem error={error} isFirst={items.length === 0} onRetry={tryAgain} />}
      {hasMore && !error && (
        <div className="mt-8 text-center">
          <Button look="secondary" data-testid="load-more" disabled={isLoading} onClick={loadMore}>
            {isLoading ? 'Loading…' : 'Load more'}
          </Button>
        </div>
      )}
      {open && (
        <Suspense fallback={null}>
          <AssetDialog asset={open} onClose={() => setOpenId(null)} />
        </Suspense>
      )}
    </section>
  )
}

interface ProblemProps {
  error: Error
  /** There is nothing to see at all. */
  isFirst: boolean
  onRetry: () => void
}

/** Shows an error. A key without permission will not have it the next time either, so then there is no button. */
function Problem({ error, isFirst, onRetry }: ProblemProps) {
  return (
    <div role="alert" data-testid="library-error" className="mt-4 flex flex-wrap items-center gap-4 text-muted">
      <p>
        {isFirst ? 'The library' : 'The rest of the library'} is not shown: {error.message}
      </p>
      {!isForbidden(error) && (
        <Button look="secondary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
