import { MEDIA_KINDS, type MediaKind } from '@darkroom/contracts/media-types'
import { Button } from '../../../ui/button.tsx'
import { type Draft, type Place, typeOf, variantsOf, withNewVariant } from './draft.ts'

interface VariantListProps {
  draft: Draft
  place: Place | null
  faults: ReadonlyMap<string, string>
  onChoose: (place: Place) => void
  onChange: (draft: Draft) => void
}

const KINDS: Record<MediaKind, string> = { image: 'Images', video: 'Videos', audio: 'Audio', document: 'Documents' }

/** Lists the variants of each kind, to choose one to edit. */
export function VariantList({ draft, place, faults, onChoose, onChange }: VariantListProps) {
  return (
    <div className="grid content-start gap-4">
      {MEDIA_KINDS.map(kind => (
        <section key={kind} aria-label={KINDS[kind]}>
          <h2 className="text-xs font-medium text-muted">{KINDS[kind]}</h2>
          <ul className="mt-1 grid">
            {variantsOf(draft, kind).map((variant, index) => {
              const isChosen = place?.kind === kind && place.index === index
              const isWrong = [...faults.keys()].some(path => path.startsWith(pathOf({ kind, index })))
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is called by; names may be the same while typing.
                <li key={index}>
                  <button
                    type="button"
                    data-testid="edit-variant"
                    data-name={String(variant.name)}
                    aria-current={isChosen || undefined}
                    onClick={() => onChoose({ kind, index })}
                    className="flex min-h-11 w-full items-center justify-between gap-2 rounded-xl px-3 text-left text-sm hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-semibold"
                  >
                    <span className="min-w-0 truncate">{String(variant.name ?? 'without name')}</span>
                    <span className={`text-xs ${isWrong ? 'font-medium text-bad' : 'font-normal text-muted'}`}>
                      {isWrong ? 'wrong' : typeOf(kind, variant)}
                    </span>
                  </button>
                </li>
              )
            })}
          </ul>
          <Button
            look="quiet"
            data-testid={`add-${kind}`}
            aria-label={`Add a variant: ${KINDS[kind]}`}
            onClick={() => {
              const added = withNewVariant(draft, kind)
              onChange(added.draft)
              onChoose(added.place)
            }}
          >
            + Add
          </Button>
        </section>
      ))}
    </div>
  )
}

/** Returns the path of a variant in the service's messages, with what ends it. */
export const pathOf = ({ kind, index }: Place): string => `${kind}.variants.${index}.`
