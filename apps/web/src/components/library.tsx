import { useState } from 'react'
import type { useLibrary } from '../hooks/use-library.ts'
import { AssetDialog } from './asset-dialog.tsx'
import { Button } from './button.tsx'
import { LibraryTile } from './library-tile.tsx'

type LibraryProps = Pick<
  ReturnType<typeof useLibrary>,
  'items' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage' | 'isError' | 'refetch'
>

/** What was uploaded before, newest first. */
export function Library({ items, hasNextPage, isFetchingNextPage, fetchNextPage, isError, refetch }: LibraryProps) {
  const [openId, setOpenId] = useState<string | null>(null)
  const open = items.find(asset => asset.id === openId)
  if (items.length === 0 && !isError) return null
  return (
    <section aria-labelledby="library-title" className="mt-14">
      <h2 id="library-title" className="mb-5 text-xl font-semibold tracking-tight">
        Library
      </h2>
      {isError && (
        <p className="flex flex-wrap items-center gap-4 text-muted">
          The library could not be loaded.
          <Button look="secondary" onClick={() => refetch()}>
            Try again
          </Button>
        </p>
      )}
      <ul className="grid grid-cols-2 gap-x-4 gap-y-6 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4">
        {items.map(asset => (
          <LibraryTile key={asset.id} asset={asset} onOpen={setOpenId} />
        ))}
      </ul>
      {hasNextPage && (
        <div className="mt-8 text-center">
          <Button
            look="secondary"
            data-testid="load-more"
            disabled={isFetchingNextPage}
            onClick={() => fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading…' : 'Load more'}
          </Button>
        </div>
      )}
      {open && <AssetDialog asset={open} onClose={() => setOpenId(null)} />}
    </section>
  )
}
