import type { Asset, Variant } from '@darkroom/contracts'
import { variantNote } from '../../assets/variant-note.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { humanBytes } from '../../human-bytes.ts'
import { formatName } from '../../media-format.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { OpenIcon } from '../../ui/icons.tsx'
import { Section } from '../../ui/section.tsx'
import { savingText } from './saving.ts'

interface VariantTableProps {
  asset: Asset
  /** Name of the one that is looked at. */
  shownName: string | null
  /** Given where variants can be looked at beside the original. */
  onShow: ((name: string) => void) | null
}

/** Lists every variant with its dimensions, its bytes and what it saves against the original. */
export function VariantTable({ asset, shownName, onShow }: VariantTableProps) {
  const shown = useShownAsset(asset)
  const listed = asset.variants.filter(({ status }) => status !== 'skipped')
  const ready = listed.filter(({ status }) => status === 'ready').length
  return (
    <Section title="Variants" note={`${ready} of ${listed.length}`} testId="variant-table">
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
        {listed.map(variant => (
          <VariantRow
            key={variant.name}
            variant={variant}
            note={variantNote(asset, variant)}
            originalBytes={asset.byteSize}
            openUrl={shown.variants.find(({ name }) => name === variant.name)?.url ?? null}
            isShown={variant.name === shownName}
            onShow={onShow && isImage(variant) ? () => onShow(variant.name) : null}
          />
        ))}
      </ul>
    </Section>
  )
}

const isImage = ({ status, contentType }: Variant) => status === 'ready' && contentType?.startsWith('image/') === true

interface VariantRowProps {
  variant: Variant
  /** What is said of it while it is not there. */
  note: string
  originalBytes: number
  /** Where a browser sees it; its own URL, which is the one to keep, may need a key. */
  openUrl: string | null
  isShown: boolean
  onShow: (() => void) | null
}

function VariantRow({ variant, note, originalBytes, openUrl, isShown, onShow }: VariantRowProps) {
  const { name, status, url } = variant
  return (
    <li
      data-testid="variant"
      data-name={name}
      data-status={status}
      className="flex min-h-14 flex-wrap items-center gap-x-4 px-4 py-1 text-sm"
    >
      <span className="min-w-0 flex-1 basis-64">
        <span className="font-medium wrap-anywhere">{name}</span>
        <VariantFacts variant={variant} note={note} originalBytes={originalBytes} />
      </span>
      {status === 'ready' && url && (
        <span className="-mx-3 flex shrink-0 items-center">
          {onShow && (
            <Button
              look="quiet"
              aria-pressed={isShown}
              aria-label={`Show ${name} beside the original`}
              data-testid="show-variant"
              onClick={onShow}
              className={isShown ? 'text-accent' : ''}
            >
              {isShown ? 'Shown' : 'Show'}
            </Button>
          )}
          <CopyButton text={url} label="Copy URL" detail={`of ${name}`} testId="copy-url" />
          {openUrl && (
            <a
              href={openUrl}
              target="_blank"
              rel="noreferrer"
              aria-label={`Open ${name} in a new tab`}
              className={buttonClass('icon')}
            >
              <OpenIcon />
            </a>
          )}
        </span>
      )}
    </li>
  )
}

function VariantFacts({ variant, note, originalBytes }: Pick<VariantRowProps, 'variant' | 'note' | 'originalBytes'>) {
  const { status, width, height, byteSize, contentType } = variant
  if (status !== 'ready') {
    return <span className={`block ${status === 'failed' ? 'text-bad' : 'text-muted'}`}>{note}</span>
  }
  const saving = savingText(byteSize, originalBytes)
  return (
    <span className="flex flex-wrap gap-x-4 text-muted">
      {width !== null && height !== null && (
        <span className="whitespace-nowrap">
          {width} × {height}
        </span>
      )}
      {byteSize !== null && <span className="whitespace-nowrap">{humanBytes(byteSize)}</span>}
      {saving && (
        <span data-testid="saving" className={`whitespace-nowrap ${saving.startsWith('−') ? 'text-good' : ''}`}>
          {saving}
          <span className="sr-only"> against the original</span>
        </span>
      )}
      {contentType && <span className="whitespace-nowrap">{formatName(contentType)}</span>}
    </span>
  )
}
