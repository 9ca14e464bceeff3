import type { AssetSort } from '@darkroom/contracts'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import type { ListState, PageList } from '../data/page-list.ts'
import type { View } from '../search/library-search.ts'
import { everything, extended, NOTHING, type Selection, toggled } from '../selection/selection.ts'
import { GridCell } from './grid-cell.tsx'
import { placeAfter } from './move-focus.ts'
import { Part } from './part.tsx'
import { TableHead } from './table-head.tsx'
import { TableRow } from './table-row.tsx'
import { useVirtualRows } from './use-virtual-rows.ts'

/** Empty places below the last asset while more of them come. */
const PLACES_TO_COME = 12

interface AssetViewProps {
  view: View
  list: PageList
  state: ListState
  selection: Selection
  sort: AssetSort
  onSelect: (selection: Selection) => void
  onSort: (sort: AssetSort) => void
  /** Goes to the page of an asset. */
  onOpen: (id: string) => void
  /** Shows an asset over the page. */
  onPeek: (id: string) => void
  /** Deletes what is selected. */
  onDelete: () => void
}

/** Shows a list of assets of any length as a grid or a table. One stop for the tab key; arrow keys move in it. */
export function AssetView(props: AssetViewProps) {
  const { view, list, state, selection, sort, onSort } = props
  const { ids, isComplete } = state
  const root = useRef<HTMLDivElement>(null)
  const count = ids.length + (isComplete ? 0 : PLACES_TO_COME)
  const rows = useVirtualRows(root, view, count)
  const { virtualizer, columns, size, rowHeight, top } = rows
  const items = virtualizer.getVirtualItems()
  const [first, last] = [(items[0]?.index ?? 0) * columns, ((items.at(-1)?.index ?? 0) + 1) * columns]
  useEffect(() => list.look(first, last), [list, first, last])

  const { activeId, onKeyDown, onClick, onDoubleClick, onFocus } = useViewActions(props, root, rows)
  const isTable = view === 'table'
  return (
    <>
      <Part
        ref={root}
        role="grid"
        aria-label="Assets"
        aria-multiselectable="true"
        aria-rowcount={isComplete ? Math.ceil(ids.length / columns) + (isTable ? 1 : 0) : -1}
        aria-describedby="library-keys"
        data-testid="asset-view"
        data-view={view}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onFocus={onFocus}
      >
        {isTable && <TableHead sort={sort} onSort={onSort} />}
        <Part role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
            const style = { transform: `translateY(${start - top}px)`, height: rowHeight }
            const inRow = ids.slice(index * columns, (index + 1) * columns)
            const summaries = inRow.map(id => [id, list.asset(id)] as const)
            if (isTable) {
              const [id = '', summary] = summaries[0] ?? []
              return (
                <Part key={key} role="presentation" className="absolute inset-x-0 top-0" style={style}>
                  {summary ? (
                    <TableRow
                      summary={summary}
                      isSelected={selection.ids.has(id)}
                      isActive={id === activeId}
                      place={index + 1}
                    />
                  ) : (
                    <span aria-hidden="true" className="m-1 block h-12 rounded-xl bg-sunken" />
                  )}
                </Part>
              )
            }
            return (
              <Part
                key={key}
                role="row"
                aria-rowindex={index + 1}
                className="absolute inset-x-0 top-0 grid gap-4"
                style={{ ...style, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                {Array.from({ length: Math.min(columns, count - index * columns) }, (_, n) => {
                  const [id = `place ${n}`, summary] = summaries[n] ?? []
                  if (!summary) {
                    return (
                      <Part key={id} role="gridcell">
                        <span aria-hidden="true" style={{ height: size }} className="block rounded-2xl bg-sunken" />
                      </Part>
                    )
                  }
                  return (
                    <GridCell
                      key={id}
                      summary={summary}
                      isSelected={selection.ids.has(id)}
                      isActive={id === activeId}
                      size={size}
                    />
                  )
                })}
              </Part>
            )
          })}
        </Part>
      </Part>
      <p id="library-keys" className="sr-only">
        Arrow keys move, Shift and arrow keys select a range, X selects, Space shows an asset, Enter opens its page,
        Control A selects all that is loaded, Delete deletes, Escape ends the selection.
      </p>
    </>
  )
}

type Rows = ReturnType<typeof useVirtualRows>

/** What clicks and keys do in the view. */
function useViewActions(
  props: AssetViewProps,
  root: { current: HTMLDivElement | null },
  { virtualizer, columns }: Rows,
) {
  const { state, selection, onSelect, onOpen, onPeek, onDelete } = props
  const { ids } = state
  const [active, setActive] = useState<string | null>(null)
  const wanted = useRef<string | null>(null)
  const activeId = active !== null && ids.includes(active) ? active : (ids[0] ?? null)

  // The cell that a key leads to may only exist after scrolling.
  useEffect(() => {
    const id = wanted.current
    const cell = id && root.current?.querySelector<HTMLElement>(`[data-asset-id="${id}"]`)
    if (!cell) return
    cell.focus({ preventScroll: true })
    wanted.current = null
  })

  function moveTo(place: number): string | null {
    const id = ids[place] ?? null
    if (id === null) return null
    wanted.current = id
    setActive(id)
    virtualizer.scrollToIndex(Math.floor(place / columns), { align: 'auto' })
    return id
  }

  const clear = () => onSelect(NOTHING)
  const commands: Record<string, (id: string) => void> = {
    x: id => onSelect(toggled(selection, id)),
    ' ': onPeek,
    Enter: onOpen,
    Escape: clear,
    Delete: onDelete,
    Backspace: onDelete,
  }

  function onKeyDown(event: KeyboardEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>('[data-asset-id]')
    const id = cell?.dataset.assetId
    if (!id || event.altKey) return
    const isCommand = event.ctrlKey || event.metaKey
    const rowsPerPage = Math.max(1, Math.floor(window.innerHeight / (cell.offsetHeight || 1)) - 1)
    const place = placeAfter(event.key, ids.indexOf(id), { count: ids.length, columns, rowsPerPage })
    if (place !== null) {
      event.preventDefault()
      const base = selection.anchor === null ? { ids: selection.ids, anchor: id } : selection
      const to = moveTo(place)
      if (event.shiftKey && to !== null) onSelect(extended(base, to, ids))
    } else if (isCommand && event.key.toLowerCase() === 'a') {
      event.preventDefault()
      onSelect(everything(ids))
    } else if (!isCommand) {
      const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!command) return
      event.preventDefault()
      command(id)
    }
  }

  function onClick(event: MouseEvent): void {
    const target = event.target as Element
    const id = target.closest<HTMLElement>('[data-asset-id]')?.dataset.assetId
    if (!id) return
    setActive(id)
    if (event.shiftKey) onSelect(extended(selection, id, ids))
    else if (event.ctrlKey || event.metaKey || selection.ids.size > 0 || target.closest('[data-check]'))
      onSelect(toggled(selection, id))
    else onPeek(id)
  }

  return {
    activeId,
    onKeyDown,
    onClick,
    onDoubleClick(event: MouseEvent): void {
      const id = (event.target as Element).closest<HTMLElement>('[data-asset-id]')?.dataset.assetId
      if (id && selection.ids.size === 0) onOpen(id)
    },
    onFocus(event: { target: EventTarget }): void {
      const id = (event.target as Element).closest<HTMLElement>('[data-asset-id]')?.dataset.assetId
      if (id) setActive(id)
    },
  }
}
