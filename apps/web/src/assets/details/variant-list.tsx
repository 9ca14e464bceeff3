import type { Asset, Variant } from '@darkroom/contracts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { humanBytes } from '../../human-bytes.ts'
import { formatName } from '../../media-format.ts'
import { buttonClass } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { OpenIcon } from '../../ui/icons.tsx'
import { variantsName } from '../asset-kind.ts'
import { variantNote } from '../variant-note.ts'

/**
 * Lists every variant with its size, type and URL, pending ones included. Variants of the preset that do not apply to
 * this file are left out.
 */
export function VariantList({ asset }: { asset: Asset }) {
  const shown = useShownAsset(asset)
  return (
    <ul
      aria-label={`${variantsName(asset) === 'size' ? 'Sizes' : 'Files'} of ${asset.filename}`}
      className="divide-y divide-line"
    >
      {asset.variants
        .filter(({ status }) => status !== 'skipped')
        .map(variant => (
          <VariantItem
            key={variant.name}
            variant={variant}
            note={variantNote(asset, variant)}
            openUrl={shown.variants.find(({ name }) => name === variant.name)?.url ?? null}
          />
        ))}
    </ul>
  )
}

interface VariantProps {
  variant: Variant
  /** What is said of it while it is not there. */
  note: string
  /** Where a browser sees it; its own URL, which is the one to keep, may need a key. */
  openUrl: string | null
}

function VariantItem({ variant, note, openUrl }: VariantProps) {
  const { name, status, url, contentType } = variant
  return (
    <li
      data-testid="variant"
      data-name={name}
      data-status={status}
      className="flex min-h-13 items-center gap-x-3 py-1 text-sm sm:gap-x-6"
    >
      <div className="grid min-w-0 flex-1 gap-x-6 sm:grid-cols-[minmax(8rem,1.2fr)_minmax(14rem,2fr)] sm:items-center">
        <span className="truncate font-medium">
          {name}
          {status === 'ready' && contentType && (
            <span className="ml-2 font-normal text-muted sm:hidden">{formatName(contentType)}</span>
          )}
        </span>
        <VariantFacts variant={variant} note={note} />
      </div>
      {status === 'ready' && url && (
        <div className="flex shrink-0 items-center">
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
        </div>
      )}
    </li>
  )
}

function VariantFacts({ variant, note }: Omit<VariantProps, 'openUrl'>) {
  const { status, width, height, byteSize, contentType } = variant
  if (status === 'pending' || status === 'failed') {
    return <span className={status === 'failed' ? 'text-bad' : 'text-muted'}>{note}</span>
  }
  return (
    <span className="flex flex-wrap gap-x-3 text-muted sm:grid sm:grid-cols-[2fr_1.3fr_1fr]">
      {width !== null && height !== null ? (
        <span className="whitespace-nowrap">
          {width} × {height}
        </span>
      ) : (
        // Keeps the columns.
        <span className="max-sm:hidden" />
      )}
      {byteSize !== null && <span className="whitespace-nowrap">{humanBytes(byteSize)}</span>}
      {contentType && <span className="max-sm:hidden">{formatName(contentType)}</span>}
    </span>
  )
}
