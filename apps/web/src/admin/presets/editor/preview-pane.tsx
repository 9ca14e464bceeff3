import type { AssetSummary, PresetPreview } from '@darkroom/contracts'
import { useState } from 'react'
import { humanBytes } from '../../../human-bytes.ts'
import { errorTitle } from '../../format/error-title.ts'
import { humanDuration } from '../../format/human-time.ts'
import { useAdminPages } from '../../session/use-admin-pages.ts'
import { alone, type Draft, type Place, variantsOf } from './draft.ts'
import { SampleList } from './sample-list.tsx'
import { useFileUrl, usePreview } from './use-preview.ts'

const SAMPLES = 8
const REFRESH_MS = 60_000

interface PreviewPaneProps {
  draft: Draft
  place: Place | null
  /** What is wrong is not asked for. */
  isWrong: boolean
}

/** Shows the chosen variant as a worker makes it of an asset of the project, and how many bytes it has. */
export function PreviewPane({ draft, place, isWrong }: PreviewPaneProps) {
  const kind = place?.kind ?? 'image'
  const { items } = useAdminPages<AssetSummary>({
    name: ['samples', kind],
    read: (darkroom, start) => darkroom.assets.list({ ...start, kind, status: 'ready', limit: SAMPLES }),
    everyMs: () => REFRESH_MS,
    keyOf: asset => asset.id,
  })
  const [chosenId, setChosenId] = useState<string | null>(null)
  const sample = items.find(({ id }) => id === chosenId) ?? items[0] ?? null
  const variant = place && variantsOf(draft, place.kind)[place.index]
  const preview = usePreview(sample?.id ?? null, isWrong || !place ? null : alone(draft, place))
  return (
    <section
      aria-label="Preview"
      data-testid="preset-preview"
      data-state={isWrong ? 'wrong' : preview.isFetching ? 'making' : (preview.data?.outcome ?? 'none')}
      className="grid gap-3 rounded-2xl border border-line bg-surface p-4 shadow-card lg:sticky lg:top-4"
    >
      <h2 className="text-sm font-semibold">
        Preview <span className="font-normal text-muted">{variant ? `of ${String(variant.name)}` : ''}</span>
      </h2>
      <div className="grid h-72 place-items-center overflow-hidden rounded-xl bg-sunken">
        <Made preview={preview.data} error={preview.error} name={String(variant?.name)} isEmpty={!sample} />
      </div>
      <p aria-live="polite" data-testid="preview-facts" className="min-h-10 text-sm text-muted">
        {sample && factsText(preview.data, sample, preview.isFetching)}
      </p>
      <SampleList assets={items} chosenId={sample?.id ?? null} onChoose={setChosenId} />
    </section>
  )
}

interface MadeProps {
  preview: PresetPreview | undefined
  error: Error | null
  name: string
  isEmpty: boolean
}

function Made({ preview, error, name, isEmpty }: MadeProps) {
  const url = useFileUrl(preview?.file)
  const text = (words: string) => <p className="px-6 text-center text-sm text-muted text-pretty">{words}</p>
  if (isEmpty) return text('Upload a file of this kind to see a preview.')
  if (error) return text(error.message)
  if (preview?.error) return text(`${errorTitle(preview.error.code)}. ${preview.error.message}`)
  if (preview?.outcome === 'skipped') return text('This variant does not apply to the file, or it is no image.')
  if (!url || !preview?.file) return text('Making a preview …')
  const { width, height } = preview.file
  return (
    <img
      data-testid="preview-image"
      src={url}
      alt={`The variant ${name} of the sample`}
      width={width ?? undefined}
      height={height ?? undefined}
      className="max-h-full max-w-full object-contain"
    />
  )
}

function factsText(preview: PresetPreview | undefined, sample: AssetSummary, isFetching: boolean): string {
  if (!preview?.file) return isFetching ? 'Making a preview …' : ''
  const { width, height, byteSize, contentType } = preview.file
  const saving = Math.round((1 - byteSize / sample.byteSize) * 100)
  const size = width && height ? `${width} × ${height}, ` : ''
  return `${size}${humanBytes(byteSize)}, ${contentType}. ${saving > 0 ? `${saving} % smaller than the original of ${humanBytes(sample.byteSize)}.` : `The original has ${humanBytes(sample.byteSize)}.`} Made in ${humanDuration(preview.elapsedMs)}.`
}
