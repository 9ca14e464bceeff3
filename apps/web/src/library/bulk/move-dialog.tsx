import { useId, useState } from 'react'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { useFolders } from '../data/use-library-queries.ts'
import { TOP_FOLDER } from '../search/library-search.ts'
import type { Bulk } from './use-bulk.ts'
import { useSubmit } from './use-submit.ts'

interface MoveDialogProps {
  ids: readonly string[]
  bulk: Bulk
  /** The folder that the list shows; none is all of them. */
  shown: string | undefined
  onClose: () => void
}

/** Moves assets to a folder, which exists as soon as something is in it. */
export function MoveDialog({ ids, bulk, shown, onClose }: MoveDialogProps) {
  const id = useId()
  const [text, setText] = useState('')
  const above = text.includes('/') ? text.slice(0, text.lastIndexOf('/')) : ''
  const folders = useFolders(above, true)
  const { action, onSubmit } = useSubmit(form => {
    const folder = textOf(form, 'folder').replace(/^\/+|\/+$/g, '')
    return bulk.move(ids, folder, shown !== undefined && (shown === TOP_FOLDER ? '' : shown) !== folder)
  }, onClose)
  return (
    <FormDialog
      title={`Move ${ids.length === 1 ? '1 asset' : `${ids.length} assets`}`}
      testId="move"
      submitLabel="Move"
      action={action}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <FormField
        label="Folder"
        hint="such as 2026/summer; empty is the top"
        name="folder"
        list={`${id}-folders`}
        maxLength={500}
        data-autofocus
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <datalist id={`${id}-folders`}>
        {folders?.items.map(({ path }) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </FormDialog>
  )
}
