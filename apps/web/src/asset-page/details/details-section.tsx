import type { Asset } from '@darkroom/contracts'
import { type ReactNode, useId, useState } from 'react'
import { kindOfAsset } from '../../assets/asset-kind.ts'
import { Button } from '../../ui/button.tsx'
import { FIELD } from '../../ui/field.ts'
import { FormField } from '../../ui/form-field.tsx'
import { Section } from '../../ui/section.tsx'
import { useAssetAction } from '../use-asset-action.ts'
import { type DetailFields, type DetailPatch, fieldsOf, patchOf } from './edited-details.ts'

/** Shows what people say of the asset, to edit. What somebody else changes meanwhile stays. */
export function DetailsSection({ asset }: { asset: Asset }) {
  const [edited, setEdited] = useState<Partial<DetailFields>>({})
  const before = fieldsOf(asset)
  const fields = { ...before, ...edited }
  const patch = patchOf(before, fields)
  const save = useAssetAction(
    asset.id,
    (darkroom, changes: DetailPatch) => darkroom.assets.update(asset.id, changes),
    'Saved.',
    { onDone: () => setEdited({}), failsInPlace: true },
  )
  const edit = (change: Partial<DetailFields>) => setEdited({ ...edited, ...change })
  const text = (name: Exclude<keyof DetailFields, 'isDecoration'>) => ({
    name,
    value: fields[name],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => edit({ [name]: value }),
  })
  const hasAlt = kindOfAsset(asset) === 'image'
  return (
    <Section title="Details" testId="details">
      <form
        className="grid gap-4 rounded-2xl border border-line bg-surface p-4 shadow-card"
        onSubmit={event => {
          event.preventDefault()
          if (patch) save.run(patch)
        }}
      >
        <FormField label="File name" required maxLength={1024} {...text('filename')} />
        <FormField label="Title" maxLength={500} autoCapitalize="sentences" spellCheck {...text('title')} />
        {hasAlt && (
          <>
            <TextArea
              label="Alt text"
              hint="for people who do not see it"
              maxLength={2000}
              {...text('altText')}
              disabled={fields.isDecoration}
            />
            <label className="flex min-h-11 items-center gap-3 text-sm">
              <input
                type="checkbox"
                name="isDecoration"
                checked={fields.isDecoration}
                onChange={({ currentTarget: { checked } }) => edit({ isDecoration: checked })}
                className="size-5 accent-accent"
              />
              It is decoration: screen readers pass over it
            </label>
          </>
        )}
        <TextArea label="Description" maxLength={10_000} {...text('description')} />
        <FormField label="Folder" hint="such as 2026/summer" maxLength={500} {...text('folder')} />
        <FormField label="Tags" hint="with commas between" {...text('tags')} />
        {save.error && (
          <p role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm wrap-anywhere">
            {save.error.message}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button look="primary" type="submit" disabled={!patch || save.isPending} data-testid="save-details">
            Save
          </Button>
          {patch && (
            <Button look="quiet" onClick={() => setEdited({})}>
              Undo
            </Button>
          )}
        </div>
      </form>
    </Section>
  )
}

interface TextAreaProps {
  label: ReactNode
  hint?: string
  name: string
  value: string
  maxLength: number
  disabled?: boolean
  onChange: (event: { currentTarget: { value: string } }) => void
}

function TextArea({ label, hint, ...field }: TextAreaProps) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label} {hint && <span className="font-normal text-muted">{hint}</span>}
      </label>
      <textarea id={id} rows={3} className={`${FIELD} py-2 disabled:opacity-50`} {...field} />
    </div>
  )
}
