import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { ChevronIcon } from '../../ui/icons.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { FILTER_NAMES, filterIn, type LibrarySearch } from '../search/library-search.ts'
import type { SearchChange } from '../search/use-library-search.ts'
import { readSavedFilters, removeFilter, type SavedFilter, saveFilter, shownIn } from './saved-filters.ts'

const NONE: SearchChange = Object.fromEntries([...FILTER_NAMES, 'sort'].map(name => [name, undefined]))
const DONE = { isPending: false, error: null }

interface SavedFilterMenuProps {
  search: LibrarySearch
  onChange: (changes: SearchChange) => void
}

/** Saves filters in this browser and brings them back. */
export function SavedFilterMenu({ search, onChange }: SavedFilterMenuProps) {
  const [saved, setSaved] = useState(() => readSavedFilters(localStorage))
  const [isNaming, setNaming] = useState(false)
  const hasFilter = Object.keys(filterIn(search)).length > 0
  const isShown = (filter: SavedFilter) => JSON.stringify(filter.search) === JSON.stringify(shownIn(search))
  const shown = saved.find(isShown)
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button look="quiet" data-testid="saved-filters">
            Saved filters <ChevronIcon />
          </Button>
        }
      >
        {saved.map(filter => (
          <MenuItem key={filter.name} testId="saved-filter" onSelect={() => onChange({ ...NONE, ...filter.search })}>
            {filter.name}
          </MenuItem>
        ))}
        {saved.length > 0 && <MenuSeparator />}
        <MenuItem testId="save-filter" disabled={!hasFilter} onSelect={() => setNaming(true)}>
          Save this filter…
        </MenuItem>
        {shown && (
          <MenuItem testId="forget-filter" onSelect={() => setSaved(removeFilter(localStorage, shown.name))}>
            Forget “{shown.name}”
          </MenuItem>
        )}
      </Menu>
      {isNaming && (
        <FormDialog
          title="Save this filter"
          testId="save-filter"
          submitLabel="Save"
          action={DONE}
          onSubmit={form => {
            setSaved(saveFilter(localStorage, { name: textOf(form, 'name'), search: shownIn(search) }))
            setNaming(false)
          }}
          onClose={() => setNaming(false)}
        >
          <FormField label="Name" name="name" required maxLength={60} data-autofocus hint="kept in this browser" />
        </FormDialog>
      )}
    </>
  )
}
