import type { AssetSort } from '@darkroom/contracts'
import { Part } from './part.tsx'
import { COLUMNS } from './table-columns.ts'

interface TableHeadProps {
  sort: AssetSort
  onSort: (sort: AssetSort) => void
}

interface Column {
  label: string
  className: string
  /** What it sorts by, and how at first. */
  sort?: { by: 'filename' | 'byteSize' | 'createdAt'; isDescending: boolean }
}

const HEADS: readonly Column[] = [
  { label: 'Name', className: `${COLUMNS.name} pl-22`, sort: { by: 'filename', isDescending: false } },
  { label: 'State', className: COLUMNS.status },
  { label: 'Format', className: COLUMNS.format },
  { label: 'Folder', className: COLUMNS.folder },
  { label: 'Tags', className: COLUMNS.tags },
  { label: 'Size', className: COLUMNS.size, sort: { by: 'byteSize', isDescending: true } },
  { label: 'Created', className: COLUMNS.created, sort: { by: 'createdAt', isDescending: true } },
]

/** Shows the names of the columns, and sorts by some of them. */
export const TableHead = ({ sort, onSort }: TableHeadProps) => (
  <Part
    role="row"
    aria-rowindex={1}
    className="flex h-11 items-center gap-3 border-b border-line px-2 text-xs text-muted"
  >
    {HEADS.map(column => (
      <Head key={column.label} column={column} sort={sort} onSort={onSort} />
    ))}
  </Part>
)

function Head({ column, sort, onSort }: TableHeadProps & { column: Column }) {
  const { label, className } = column
  if (!column.sort) {
    return (
      <Part role="columnheader" className={className}>
        {label}
      </Part>
    )
  }
  const { by, isDescending } = column.sort
  const isSorted = sort.replace('-', '') === by
  const isDown = isSorted ? sort.startsWith('-') : isDescending
  const next = (isSorted ? !isDown : isDescending) ? (`-${by}` as const) : by
  return (
    <Part
      role="columnheader"
      aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}
      className={className}
    >
      <button
        type="button"
        onClick={() => onSort(next)}
        className={`-mx-1 min-h-9 rounded-lg px-1 hover:text-ink ${isSorted ? 'font-semibold text-ink' : ''}`}
      >
        {label} {isSorted && <span aria-hidden="true">{isDown ? '↓' : '↑'}</span>}
      </button>
    </Part>
  )
}
