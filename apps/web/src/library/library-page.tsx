import { CSPProvider } from '@base-ui/react/csp-provider'
import type { AssetSort } from '@darkroom/contracts'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { isForbidden } from '../api/clients.ts'
import { useMay } from '../session/use-may.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Popover } from '../ui/popover.tsx'
import { BulkBar } from './bulk/bulk-bar.tsx'
import { useBulk } from './bulk/use-bulk.ts'
import { useCounts } from './data/use-library-queries.ts'
import { usePageList } from './data/use-page-list.ts'
import { FilterBar } from './filters/filter-bar.tsx'
import { SavedFilterMenu } from './filters/saved-filter-menu.tsx'
import { FolderTree } from './folders/folder-tree.tsx'
import { NewsButton } from './live/news-button.tsx'
import { newsText } from './live/news-words.ts'
import { useEventTail } from './live/use-event-tail.ts'
import { useListNews } from './live/use-list-news.ts'
import { useLiveFacts } from './live/use-live-facts.ts'
import { apiFilterOf, DEFAULT_SORT, filterIn, TOP_FOLDER, type View } from './search/library-search.ts'
import { useLibrarySearch } from './search/use-library-search.ts'
import { NOTHING, type Selection } from './selection/selection.ts'
import { StorageBar, Totals } from './totals.tsx'
import { AssetView } from './views/asset-view.tsx'

/** Loaded by those who look: it has the players of every kind. */
const QuickLook = lazy(() => import('../asset-page/quick-look.tsx').then(module => ({ default: module.QuickLook })))

/** Shows the page at `/library`: find assets, select them, and do something with them. */
export default function LibraryPage() {
  const { search, change } = useLibrarySearch()
  const tail = useEventTail()
  useLiveFacts(tail)
  const { list, state, reload } = usePageList(search, tail.begun)
  const counts = useCounts(apiFilterOf(search))
  const bulk = useBulk(list)
  const navigate = useNavigate()
  const mayWrite = useMay('write')
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [peekId, setPeekId] = useState<string | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const isInUse = selection.ids.size > 0 || peekId !== null
  const { news, show } = useListNews({ list, search, tail, place, isInUse })
  useEffect(() => {
    // What is selected is what one sees.
    void list
    setSelection(NOTHING)
  }, [list])
  const ids = [...selection.ids]
  const clear = useCallback(() => setSelection(NOTHING), [])
  const { view = 'grid', folder, deletion } = search
  const isFiltered = Object.keys(filterIn(search)).length > 0

  function remove(): void {
    if (ids.length === 0 || deletion || !mayWrite) return
    clear()
    void bulk.remove(ids)
  }
  /** Returns what shows the asset so many places further on; null at the ends. */
  function peekTo(order: readonly string[], id: string, step: number): (() => void) | null {
    const to = order[order.indexOf(id) + step]
    return to === undefined ? null : () => setPeekId(to)
  }
  const tree = <FolderTree value={folder} onChange={chosen => change({ folder: chosen })} />
  return (
    // The page takes no inline styles; lists of choices would bring one.
    <CSPProvider disableStyleElements>
      <PageTitle
        actions={
          <div className="flex flex-wrap items-center gap-1">
            <SavedFilterMenu search={search} onChange={change} />
            <Button
              look="quiet"
              aria-pressed={deletion === 'scheduled'}
              className={deletion ? 'bg-sunken text-ink' : ''}
              data-testid="show-deleted"
              onClick={() => change({ deletion: deletion ? undefined : 'scheduled' })}
            >
              Recently deleted
            </Button>
            <ViewSwitch view={view} onChange={chosen => change({ view: chosen === 'grid' ? undefined : chosen })} />
          </div>
        }
      >
        Library
      </PageTitle>
      <div className="lg:flex lg:gap-8">
        <aside className="w-56 shrink-0 max-lg:hidden">
          <div className="sticky top-6 grid max-h-[calc(100dvh-3rem)] gap-6 overflow-y-auto">
            {tree}
            <StorageBar />
          </div>
        </aside>
        <div className="min-w-0 flex-1">
          <FilterBar search={search} counts={counts} onChange={change} />
          <div className="mt-4 mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
            <Totals counts={counts} />
            <div className="flex items-center gap-4 lg:hidden">
              <StorageBar />
              <Popover
                title="Folders"
                align="end"
                trigger={
                  <Button look="secondary" data-testid="open-folders">
                    {folder === undefined ? 'Folders' : folder === TOP_FOLDER ? 'Without a folder' : folder}
                  </Button>
                }
              >
                {tree}
              </Popover>
            </div>
          </div>
          <div ref={place}>
            <NewsButton text={newsText(news)} onShow={show} />
            {state.isComplete && state.ids.length === 0 ? (
              <Empty
                testId="empty-library"
                title={isFiltered ? 'No assets fit' : 'No assets yet'}
                text={isFiltered ? 'Take a filter off to see more.' : 'What you upload appears here.'}
              />
            ) : (
              <AssetView
                view={view}
                list={list}
                state={state}
                selection={selection}
                sort={search.sort ?? DEFAULT_SORT}
                onSelect={setSelection}
                onSort={(sort: AssetSort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
                onOpen={id => void navigate({ to: '/assets/$assetId', params: { assetId: id } })}
                onPeek={setPeekId}
                onDelete={remove}
              />
            )}
          </div>
          {state.error && (
            <Problem error={state.error} onRetry={() => (state.ids.length === 0 ? reload() : list.tryAgain())} />
          )}
          {ids.length > 0 && (
            <BulkBar
              ids={ids}
              list={list}
              bulk={bulk}
              folder={folder}
              isOfDeleted={deletion === 'scheduled'}
              onDelete={remove}
              onClear={clear}
            />
          )}
        </div>
      </div>
      {peekId && (
        <Suspense fallback={null}>
          <QuickLook
            assetId={peekId}
            onClose={() => setPeekId(null)}
            onPrevious={peekTo(state.ids, peekId, -1)}
            onNext={peekTo(state.ids, peekId, 1)}
          />
        </Suspense>
      )}
    </CSPProvider>
  )
}

/** Shows an error. A key without permission will not have it the next time either, so then there is no button. */
function Problem({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div role="alert" data-testid="library-error" className="mt-4 flex flex-wrap items-center gap-4 text-muted">
      <p>The library is not shown: {error.message}</p>
      {!isForbidden(error) && (
        <Button look="secondary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const isTable = view === 'table'
  return (
    <Button look="secondary" data-testid="switch-view" onClick={() => onChange(isTable ? 'grid' : 'table')}>
      {isTable ? 'Show as grid' : 'Show as table'}
    </Button>
  )
}
