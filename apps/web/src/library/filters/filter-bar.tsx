import type { AssetCounts } from '@darkroom/contracts'
import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { FIELD } from '../../ui/field.ts'
import { Select } from '../../ui/select.tsx'
import {
  DEFAULT_SORT,
  FILTER_NAMES,
  filterIn,
  KINDS,
  type LibrarySearch,
  SIZES,
  SORTS,
  STATUSES,
} from '../search/library-search.ts'
import type { SearchChange } from '../search/use-library-search.ts'
import { SearchField } from './search-field.tsx'
import { TagField } from './tag-field.tsx'

const ANY = 'any'
type Any = typeof ANY
const NO_FILTER: SearchChange = Object.fromEntries(FILTER_NAMES.map(name => [name, undefined]))
const SIZE_LABELS = Object.fromEntries(Object.entries(SIZES).map(([name, { label }]) => [name, label])) as Record<
  keyof typeof SIZES,
  string
>
const NUMBER = new Intl.NumberFormat('en')

interface FilterBarProps {
  search: LibrarySearch
  counts: AssetCounts | undefined
  onChange: (changes: SearchChange, options?: { replace?: boolean }) => void
}

/** Narrows the list down and orders it. */
export function FilterBar({ search, counts, onChange }: FilterBarProps) {
  const { q, kind, status, tag, size, sort } = search
  const [isOpen, setOpen] = useState(false)
  const isFiltered = Object.keys(filterIn(search)).length > 0
  const kinds = Object.fromEntries(counts?.kinds.map(({ kind, count }) => [kind, count]) ?? [])
  const statuses = Object.fromEntries(counts?.statuses.map(({ status, count }) => [status, count]) ?? [])
  return (
    <search className="grid gap-3" data-testid="filter-bar">
      <div className="flex gap-2">
        <div className="min-w-0 flex-1">
          <SearchField
            value={q ?? ''}
            onChange={text => onChange({ q: text || undefined }, { replace: q !== undefined })}
          />
        </div>
        <Button
          look="secondary"
          className="sm:hidden"
          aria-expanded={isOpen}
          data-testid="open-filters"
          onClick={() => setOpen(!isOpen)}
        >
          Filters
        </Button>
      </div>
      <div
        className={`grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 2xl:grid-cols-7 ${isOpen ? '' : 'max-sm:hidden'}`}
      >
        <Select
          label="Kind"
          testId="filter-kind"
          value={kind ?? ANY}
          choices={withAny('All kinds', KINDS, kinds)}
          onChange={chosen => onChange({ kind: orNothing(chosen) })}
        />
        <Select
          label="State"
          testId="filter-status"
          value={status ?? ANY}
          choices={withAny('All states', STATUSES, statuses)}
          onChange={chosen => onChange({ status: orNothing(chosen) })}
        />
        <Select
          label="Size"
          testId="filter-size"
          value={size ?? ANY}
          choices={withAny('All sizes', SIZE_LABELS)}
          onChange={chosen => onChange({ size: orNothing(chosen) })}
        />
        <TagField value={tag ?? ''} onChange={text => onChange({ tag: text || undefined })} />
        <DayField label="From" name="from" search={search} onChange={onChange} />
        <DayField label="To" name="to" search={search} onChange={onChange} />
        <Select
          label="Order"
          testId="sort"
          value={sort ?? DEFAULT_SORT}
          choices={SORTS}
          onChange={chosen => onChange({ sort: chosen === DEFAULT_SORT ? undefined : chosen })}
        />
      </div>
      {isFiltered && (
        <Button
          look="quiet"
          className="justify-self-start"
          data-testid="clear-filters"
          onClick={() => onChange(NO_FILTER)}
        >
          Clear all filters
        </Button>
      )}
    </search>
  )
}

/** Returns choices with how many assets each has, as far as that is known, and one that asks for all. */
function withAny<T extends string>(label: string, choices: Record<T, string>, counts: Record<string, number> = {}) {
  const counted = Object.entries<string>(choices).map(([value, text]) => {
    const count = counts[value]
    return [value, count === undefined ? text : `${text} (${NUMBER.format(count)})`]
  })
  return { [ANY]: label, ...Object.fromEntries(counted) } as Record<T | Any, string>
}

const orNothing = <T extends string>(chosen: T | Any): T | undefined => (chosen === ANY ? undefined : (chosen as T))

function DayField({
  label,
  name,
  search,
  onChange,
}: Omit<FilterBarProps, 'counts'> & { label: string; name: 'from' | 'to' }) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="date"
        data-testid={`filter-${name}`}
        value={search[name] ?? ''}
        onChange={event => onChange({ [name]: event.currentTarget.value || undefined })}
        className={FIELD}
      />
    </div>
  )
}
