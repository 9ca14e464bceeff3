import type { AssetSummary } from '@darkroom/contracts'

interface SampleListProps {
  assets: AssetSummary[]
  chosenId: string | null
  onChoose: (id: string) => void
}

/** Lists the newest assets of the project, to choose what a preview is made of. */
export function SampleList({ assets, chosenId, onChoose }: SampleListProps) {
  if (assets.length < 2) return null
  return (
    <ul aria-label="Samples" className="flex flex-wrap gap-2">
      {assets.map(({ id, filename, preview }) => (
        <li key={id}>
          <button
            type="button"
            data-testid="sample"
            aria-label={`Preview with ${filename}`}
            aria-pressed={id === chosenId}
            onClick={() => onChoose(id)}
            className="grid size-14 place-items-center overflow-hidden rounded-xl border-2 border-transparent bg-sunken text-xs text-muted aria-pressed:border-accent"
          >
            {preview?.url ? (
              <img src={preview.url} alt="" loading="lazy" className="size-full object-cover" />
            ) : (
              <span aria-hidden="true">{filename.split('.').at(-1)?.slice(0, 4)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  )
}
