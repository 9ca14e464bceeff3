import type { Preset } from '@darkroom/contracts'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { closed } from '../../api/closed.ts'
import { useApiKey } from '../../hooks/use-api-key.ts'
import { useServices } from '../../hooks/use-services.ts'
import { May } from '../../session/may.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { ChevronIcon } from '../../ui/icons.tsx'
import { tagsOf } from '../upload-options.ts'

const Select = lazy(async () => ({ default: (await import('../../ui/select.tsx')).Select<string> }))

const MAX_PRESETS = 100
/** Stands for the preset of the project, which is no name that a preset can have. */
const OF_PROJECT = ' '

/** Chooses what the next files are given: preset, folder and tags. Folded, it says what was chosen. */
export function UploadSettings() {
  const { uploadOptions } = useServices()
  const [isOpen, setOpen] = useState(false)
  const options = useSyncExternalStore(uploadOptions.subscribe, uploadOptions.get)
  const chosen = [
    options.preset,
    options.folder && `in ${options.folder}`,
    options.tags?.map(tag => `#${tag}`).join(' '),
  ]
    .filter(Boolean)
    .join(' · ')
  return (
    <details
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
      data-testid="upload-settings"
      className="group mt-4 rounded-2xl border border-line bg-surface px-4 shadow-card sm:px-5"
    >
      <summary className="flex min-h-12 cursor-pointer list-none items-center gap-2 text-sm font-medium">
        <span className="-rotate-90 transition-transform group-open:rotate-0">
          <ChevronIcon />
        </span>
        For the next files
        <span className="min-w-0 truncate font-normal text-muted">{chosen || 'preset, folder, tags'}</span>
      </summary>
      {isOpen && (
        <div className="grid items-end gap-4 pt-1 pb-5 sm:grid-cols-3">
          {/* Which there are, only those know who may read. */}
          <May need="read">
            <PresetField />
          </May>
          <FormField
            label="Folder"
            placeholder="2026/summer"
            data-testid="next-folder"
            defaultValue={options.folder ?? ''}
            onChange={({ currentTarget: { value } }) => change({ folder: value.trim() })}
          />
          <FormField
            label="Tags"
            hint="Separated by commas."
            data-testid="next-tags"
            defaultValue={options.tags?.join(', ') ?? ''}
            onChange={({ currentTarget: { value } }) => change({ tags: tagsOf(value) })}
          />
        </div>
      )}
    </details>
  )

  /** What is empty is not given at all. */
  function change(part: { folder?: string; tags?: string[] }): void {
    const { folder, tags, ...rest } = { ...uploadOptions.get(), ...part }
    uploadOptions.set({ ...rest, ...(folder && { folder }), ...(tags?.length && { tags }) })
  }
}

function PresetField() {
  const { clients, uploadOptions } = useServices()
  const { key } = useApiKey()
  const options = useSyncExternalStore(uploadOptions.subscribe, uploadOptions.get)
  const { data = [] } = useQuery({
    queryKey: ['preset-names', key],
    queryFn: async () => {
      const { items } = await closed<{ items: Preset[] }>(clients().quick.presets.list({ limit: MAX_PRESETS }))
      return items.map(({ name }) => name)
    },
    enabled: key !== null,
  })
  const choices = { [OF_PROJECT]: 'That of the project', ...Object.fromEntries(data.map(name => [name, name])) }
  return (
    <Suspense fallback={<div className="min-h-16" />}>
      <Select
        label="Preset"
        value={options.preset ?? OF_PROJECT}
        choices={choices}
        testId="next-preset"
        onChange={preset => {
          const { preset: _, ...rest } = uploadOptions.get()
          uploadOptions.set(preset === OF_PROJECT ? rest : { ...rest, preset })
        }}
      />
    </Suspense>
  )
}
