import type { Asset } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'
import { useMutation } from '@tanstack/react-query'
import { closed } from '../../api/closed.ts'
import { useServices } from '../../hooks/use-services.ts'
import { FIELD } from '../../ui/field.ts'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { tagsOf } from '../upload-options.ts'

type AssetPatch = Parameters<Darkroom['assets']['update']>[1]

interface DetailsDialogProps {
  assetId: string
  name: string
  /** What is known of it; nothing while its bytes are on their way. */
  asset: Asset | undefined
  /** What it was given when its upload began. */
  given: { folder?: string; tags?: string[] }
  onClose: () => void
}

/** Asks for what people say about a file, while it is still being sent or later. */
export default function DetailsDialog({ assetId, name, asset, given, onClose }: DetailsDialogProps) {
  const { clients, assets } = useServices()
  const save = useMutation({
    mutationFn: (patch: AssetPatch) => closed<Asset>(clients().patient.assets.update(assetId, patch)),
    networkMode: 'always',
    onSuccess: changed => {
      assets.put([changed])
      onClose()
    },
  })

  function onSubmit(form: FormData): void {
    save.mutate({
      title: textOf(form, 'title') || null,
      altText: textOf(form, 'altText') || null,
      description: textOf(form, 'description') || null,
      tags: tagsOf(textOf(form, 'tags')),
      folder: textOf(form, 'folder'),
    })
  }
  return (
    <FormDialog
      title={`About ${name}`}
      testId="details-form"
      submitLabel="Save"
      action={save}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <FormField label="Title" name="title" maxLength={500} defaultValue={asset?.title ?? ''} data-autofocus />
      <FormField
        label="Alt text"
        hint="What is to be seen, for people who do not see it."
        name="altText"
        maxLength={2000}
        defaultValue={asset?.altText ?? ''}
      />
      <label className="block">
        <span className="mb-1 block text-sm font-medium">Description</span>
        <textarea
          name="description"
          rows={3}
          maxLength={10_000}
          defaultValue={asset?.description ?? ''}
          className={`${FIELD} py-2`}
        />
      </label>
      <FormField
        label="Tags"
        hint="Separated by commas."
        name="tags"
        defaultValue={(asset?.tags ?? given.tags ?? []).join(', ')}
      />
      <FormField
        label="Folder"
        name="folder"
        placeholder="2026/summer"
        defaultValue={asset?.folder ?? given.folder ?? ''}
      />
    </FormDialog>
  )
}
