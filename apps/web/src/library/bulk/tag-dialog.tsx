import { useId } from 'react'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { useTags } from '../data/use-library-queries.ts'
import type { Bulk } from './use-bulk.ts'
import { useSubmit } from './use-submit.ts'

interface TagDialogProps {
  ids: readonly string[]
  bulk: Bulk
  onClose: () => void
}

/** Gives tags to assets, and takes tags off. */
export function TagDialog({ ids, bulk, onClose }: TagDialogProps) {
  const id = useId()
  const tags = useTags('')
  const { action, onSubmit } = useSubmit(async form => {
    const [added, removed] = [tagsIn(form, 'add'), tagsIn(form, 'remove')]
    if (added.length === 0 && removed.length === 0) throw new Error('Write at least one tag.')
    if (added.length > 0) await bulk.tag(ids, added)
    if (removed.length > 0) await bulk.untag(ids, removed)
  }, onClose)
  return (
    <FormDialog
      title={`Tag ${ids.length === 1 ? '1 asset' : `${ids.length} assets`}`}
      testId="tag"
      submitLabel="Apply"
      action={action}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <FormField label="Add tags" hint="separated by commas" name="add" list={`${id}-tags`} data-autofocus />
      <FormField label="Remove tags" hint="separated by commas" name="remove" list={`${id}-tags`} />
      <datalist id={`${id}-tags`}>
        {tags.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </FormDialog>
  )
}

const tagsIn = (form: FormData, name: string): string[] => [
  ...new Set(
    textOf(form, name)
      .split(',')
      .map(tag => tag.trim())
      .filter(Boolean),
  ),
]
