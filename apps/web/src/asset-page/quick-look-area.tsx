import { type KeyboardEvent, lazy, type ReactNode, Suspense, useRef, useState } from 'react'

/** Loaded by those who look: it has the players of every kind. */
const QuickLook = lazy(() => import('./quick-look.tsx').then(module => ({ default: module.QuickLook })))

/** The items of a list, each with the id of its asset. */
const ITEM = '[data-testid=library-item][data-asset-id]'

interface Neighbours {
  previous: string | null
  next: string | null
}

/** Lets the space bar show the asset that has the focus, in any list whose items carry the ids of their assets. */
export function QuickLookArea({ children }: { children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null)
  const [id, setId] = useState<string | null>(null)

  function onKey(event: KeyboardEvent<HTMLElement>): void {
    if (event.key !== ' ' || !(event.target instanceof Element)) return
    const item = event.target.closest<HTMLElement>(ITEM)
    // The other buttons of an item, such as the one that deletes it, do what they say.
    if (!item?.dataset.assetId || (event.target !== item && event.target !== item.querySelector('button, a'))) return
    event.preventDefault()
    if (event.type === 'keydown') setId(item.dataset.assetId)
  }
  const { previous, next } = neighboursOf(area.current, id)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key of the list; a click opens the asset.
    <div ref={area} onKeyDown={onKey} onKeyUp={onKey}>
      {children}
      {id !== null && (
        <Suspense fallback={null}>
          <QuickLook
            assetId={id}
            onClose={() => setId(null)}
            onPrevious={previous === null ? null : () => setId(previous)}
            onNext={next === null ? null : () => setId(next)}
          />
        </Suspense>
      )}
    </div>
  )
}

/** Of an asset, as the list shows them. */
function neighboursOf(area: HTMLElement | null, id: string | null): Neighbours {
  const ids = [...(area?.querySelectorAll<HTMLElement>(ITEM) ?? [])].map(({ dataset }) => dataset.assetId ?? '')
  const at = id === null ? -1 : ids.indexOf(id)
  return { previous: ids[at - 1] ?? null, next: at < 0 ? null : (ids[at + 1] ?? null) }
}
