import { useState } from 'react'
import { ChevronIcon } from '../../ui/icons.tsx'
import { useFolders } from '../data/use-library-queries.ts'
import { TOP_FOLDER } from '../search/library-search.ts'

const NUMBER = new Intl.NumberFormat('en')

interface FolderTreeProps {
  /** The folder that is shown; none is all folders. */
  value: string | undefined
  onChange: (folder: string | undefined) => void
}

/** Shows the folders of the project as a tree; a folder reads what is in it when it is opened. */
export const FolderTree = ({ value, onChange }: FolderTreeProps) => (
  <nav aria-label="Folders" data-testid="folder-tree" className="text-sm">
    <FolderButton label="All folders" isCurrent={value === undefined} onClick={() => onChange(undefined)} />
    <FolderButton
      label="Without a folder"
      isCurrent={value === TOP_FOLDER}
      onClick={() => onChange(value === TOP_FOLDER ? undefined : TOP_FOLDER)}
    />
    <FolderList prefix="" value={value} onChange={onChange} />
  </nav>
)

function FolderList({ prefix, value, onChange }: FolderTreeProps & { prefix: string }) {
  const folders = useFolders(prefix, true)
  return (
    <ul>
      {folders?.items.map(folder => (
        <FolderEntry key={folder.path} folder={folder} value={value} onChange={onChange} />
      ))}
      {folders?.nextCursor && <li className="px-3 py-1 text-xs text-muted">More folders: search by name.</li>}
    </ul>
  )
}

interface FolderEntryProps extends FolderTreeProps {
  folder: { name: string; path: string; count: number }
}

function FolderEntry({ folder: { name, path, count }, value, onChange }: FolderEntryProps) {
  const isInside = value?.startsWith(`${path}/`) ?? false
  const [isOpen, setOpen] = useState(isInside)
  return (
    <li>
      <div className="flex items-center">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`Folders in ${name}`}
          onClick={() => setOpen(!isOpen)}
          className="grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
        >
          <span className={isOpen ? '' : '-rotate-90'}>
            <ChevronIcon />
          </span>
        </button>
        <FolderButton
          label={name}
          count={count}
          isCurrent={value === path}
          onClick={() => onChange(value === path ? undefined : path)}
        />
      </div>
      {isOpen && (
        <div className="ml-4 border-l border-line pl-1">
          <FolderList prefix={path} value={value} onChange={onChange} />
        </div>
      )}
    </li>
  )
}

interface FolderButtonProps {
  label: string
  count?: number
  isCurrent: boolean
  onClick: () => void
}

const FolderButton = ({ label, count, isCurrent, onClick }: FolderButtonProps) => (
  <button
    type="button"
    data-testid="folder"
    aria-current={isCurrent || undefined}
    onClick={onClick}
    className={`flex min-h-9 w-full min-w-0 items-center justify-between gap-2 rounded-lg px-3 text-left ${isCurrent ? 'bg-accent-soft font-semibold' : 'hover:bg-sunken'}`}
  >
    <span dir="auto" className="truncate">
      {label}
    </span>
    {count !== undefined && <span className="text-xs text-muted">{NUMBER.format(count)}</span>}
  </button>
)
