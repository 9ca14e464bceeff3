import type { Asset } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useServiceConditions } from '../../hooks/use-service-conditions.ts'
import { useServices } from '../../hooks/use-services.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { humanBytes } from '../../human-bytes.ts'
import { formatName } from '../../media-format.ts'
import { useMay } from '../../session/use-may.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { advise } from '../../uploads/advice.ts'
import { type Failure, failureOf } from '../../uploads/failure.ts'
import { RowError } from '../../uploads/page/row-error.tsx'
import { assetState } from '../../uploads/row-state.ts'
import { extentOf } from '../asset-facts.ts'
import { kindOfAsset } from '../asset-kind.ts'
import { displayVariantsOf } from '../display-variants.ts'
import { FactList } from './fact-list.tsx'
import { Player } from './player.tsx'
import { SnippetButtons } from './snippet-buttons.tsx'
import { StatusText } from './status-text.tsx'
import { VariantList } from './variant-list.tsx'
import { WarningList } from './warning-list.tsx'

/** Shows one asset of the library with all of its sizes. */
export function AssetDialog({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { status, text, failure } = assetState(asset, useServiceConditions())
  const subtitle = (
    <>
      <StatusText status={status} text={text} />
      <p className="text-sm text-muted">{originalText(asset)}</p>
      <p>
        <Link
          to="/assets/$assetId"
          params={{ assetId: asset.id }}
          data-testid="open-page"
          className="-ml-3 inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-accent hover:bg-sunken"
        >
          Open its page
        </Link>
      </p>
    </>
  )
  return (
    <Dialog
      title={asset.filename}
      width="wide"
      banner={<Preview asset={asset} />}
      subtitle={subtitle}
      onClose={onClose}
    >
      {() => (
        <>
          {failure && <AssetError asset={asset} failure={failure} />}
          <WarningList warnings={asset.warnings} />
          <Player asset={asset} className="mt-4" />
          <div className="mt-4 border-t border-line pt-1">
            <VariantList asset={asset} />
            <FactList asset={asset} isOpen />
            <SnippetButtons asset={asset} />
          </div>
        </>
      )}
    </Dialog>
  )
}

/** Shows why there is no image, with a button to try again where that can help. */
function AssetError({ asset: { id, filename }, failure }: { asset: Asset; failure: Failure }) {
  const { engine } = useServices()
  const mayWrite = useMay('write')
  const [retryFailure, setRetryFailure] = useState<Failure | null>(null)
  const shown = retryFailure ?? failure

  function retry(): void {
    setRetryFailure(null)
    engine.reprocess(id).catch(error => setRetryFailure(failureOf(error, 'process')))
  }
  const canProcess = mayWrite && advise(shown).redo === 'process'
  return (
    <div data-testid="asset-error">
      <RowError
        name={filename}
        failure={shown}
        advice={advise(shown)}
        onRetry={canProcess ? retry : null}
        onChooseAnother={null}
      />
    </div>
  )
}

/** Shows the image above everything else; none above a video, which has a poster. */
function Preview({ asset }: { asset: Asset }) {
  const { image: preview, video } = displayVariantsOf(useShownAsset(asset))
  const { url, onError } = useSteadyUrl(asset.id, preview)
  if (!preview || video || kindOfAsset(asset) === 'video') return null
  return (
    <div className="grid place-items-center bg-sunken" style={{ backgroundColor: asset.placeholder?.dominantColor }}>
      <img
        src={url}
        alt={asset.filename}
        onError={onError}
        width={preview.width ?? undefined}
        height={preview.height ?? undefined}
        className="develop max-h-[40dvh] w-auto max-w-full object-contain"
      />
    </div>
  )
}

/** Lines break between the parts, not inside of one. */
const NO_BREAK = '\u00a0'
const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

function originalText(asset: Asset): string {
  const { byteSize, contentType, createdAt } = asset
  return [
    'Original',
    ...extentOf(asset),
    humanBytes(byteSize),
    formatName(contentType),
    DATE.format(new Date(createdAt)),
  ]
    .map(part => part.replaceAll(' ', NO_BREAK))
    .join(' · ')
}
