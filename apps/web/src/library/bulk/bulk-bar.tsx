import { useState } from 'react'
import { useMay } from '../../session/use-may.ts'
import { Button } from '../../ui/button.tsx'
import { CloseIcon } from '../../ui/icons.tsx'
import type { PageList } from '../data/page-list.ts'
import { MoveDialog } from './move-dialog.tsx'
import { MOST_SHARED, ShareDialog } from './share-dialog.tsx'
import { TagDialog } from './tag-dialog.tsx'
import type { Bulk } from './use-bulk.ts'
import { useDownload } from './use-download.ts'

/** Files that one ZIP file holds. */
const MOST_DOWNLOADED = 1000

const NUMBER = new Intl.NumberFormat('en')

interface BulkBarProps {
  ids: readonly string[]
  list: PageList
  bulk: Bulk
  /** The folder that the list shows. */
  folder: string | undefined
  /** The list shows what will be deleted. */
  isOfDeleted: boolean
  onDelete: () => void
  onClear: () => void
}

/** Offers what can be done with the selected assets. */
export function BulkBar({ ids, list, bulk, folder, isOfDeleted, onDelete, onClear }: BulkBarProps) {
  const [open, setOpen] = useState<'tag' | 'move' | 'share' | null>(null)
  const download = useDownload()
  const mayWrite = useMay('write')
  const close = () => setOpen(null)
  return (
    <>
      <section
        aria-label="Selected assets"
        data-testid="bulk-bar"
        className="sticky bottom-3 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-1 rounded-3xl border border-line bg-surface p-1.5 shadow-card max-md:bottom-20"
      >
        <p aria-live="polite" className="px-3 text-sm font-semibold" data-testid="selected-count">
          {NUMBER.format(ids.length)} selected
        </p>
        {isOfDeleted && mayWrite && (
          <Button look="quiet" data-testid="bulk-restore" onClick={() => void bulk.keep(ids).then(onClear)}>
            Restore
          </Button>
        )}
        {!isOfDeleted && mayWrite && (
          <>
            <Button look="quiet" data-testid="bulk-tag" onClick={() => setOpen('tag')}>
              Tag
            </Button>
            <Button look="quiet" data-testid="bulk-move" onClick={() => setOpen('move')}>
              Move
            </Button>
            <Button
              look="quiet"
              data-testid="bulk-share"
              disabled={ids.length > MOST_SHARED}
              title={ids.length > MOST_SHARED ? `At most ${MOST_SHARED} at a time` : undefined}
              onClick={() => setOpen('share')}
            >
              Share
            </Button>
          </>
        )}
        {!isOfDeleted && (
          <Button
            look="quiet"
            data-testid="bulk-download"
            disabled={ids.length > MOST_DOWNLOADED}
            title={ids.length > MOST_DOWNLOADED ? `At most ${MOST_DOWNLOADED} at a time` : undefined}
            onClick={() => void download(ids)}
          >
            Download
          </Button>
        )}
        {!isOfDeleted && mayWrite && (
          <Button look="quiet" className="text-bad!" data-testid="bulk-delete" onClick={onDelete}>
            Delete
          </Button>
        )}
        <Button look="icon" aria-label="Clear the selection" data-testid="clear-selection" onClick={onClear}>
          <CloseIcon />
        </Button>
      </section>
      {open === 'tag' && <TagDialog ids={ids} bulk={bulk} onClose={close} />}
      {open === 'move' && <MoveDialog ids={ids} bulk={bulk} shown={folder} onClose={close} />}
      {open === 'share' && (
        <ShareDialog names={new Map(ids.map(id => [id, list.asset(id)?.filename ?? id]))} onClose={close} />
      )}
    </>
  )
}
