import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useRef } from 'react'
import { StatusText } from '../assets/details/status-text.tsx'
import { useServiceConditions } from '../hooks/use-service-conditions.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Loading } from '../ui/loading.tsx'
import { assetState } from '../uploads/row-state.ts'
import { AssetProblem } from './asset-problem.tsx'
import { usePageAsset } from './use-page-asset.ts'
import { AssetViewer } from './viewer/asset-viewer.tsx'

interface QuickLookProps {
  assetId: string
  onClose: () => void
  /** Shows the one before or after it in the list; null at its ends. */
  onPrevious?: (() => void) | null
  onNext?: (() => void) | null
}

/** Shows an asset over a list, to look at and to play. The space bar and Escape close it, arrow keys go through the list. */
export function QuickLook({ assetId, onClose, onPrevious = null, onNext = null }: QuickLookProps) {
  const { asset, error, isGone } = usePageAsset(assetId)
  const conditions = useServiceConditions()
  const state = asset && assetState(asset, conditions)
  const body = useRef<HTMLDivElement>(null)

  /** Keys of a control in it, such as a player, are its own. */
  const handleKey = (close: () => void) => (event: KeyboardEvent<HTMLElement>) => {
    const isOfControl =
      event.target instanceof Element &&
      event.target.closest('input, select, textarea, video, audio, [role=slider], [data-testid=zoom]') !== null
    const isOfButton = event.target instanceof Element && event.target.closest('button, a') !== null
    const act = { ' ': isOfButton ? null : close, ArrowLeft: onPrevious, ArrowRight: onNext }[event.key]
    if (!act || isOfControl) return
    event.preventDefault()
    act()
  }
  return (
    <Dialog
      title={asset?.filename ?? 'Asset'}
      width="wide"
      testId="quick-look"
      subtitle={state && <StatusText status={state.status} text={state.text} />}
      onClose={onClose}
    >
      {close => (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole dialog; each has a button too.
        <div ref={body} onKeyDown={handleKey(close)}>
          {/* Has the focus first, so that the space bar that opened it closes it. */}
          <div tabIndex={-1} data-autofocus className="mt-4 outline-none">
            {asset && state && <AssetProblem asset={asset} failure={state.failure} />}
            {asset && <AssetViewer key={asset.id} asset={asset} variantName={null} />}
            {!asset && !error && !isGone && <Loading what="the asset" rows={1} />}
            {(isGone || error) && !asset && (
              <p role="alert" className="text-sm text-bad">
                {isGone ? 'This asset was deleted.' : error?.message}
              </p>
            )}
          </div>
          <div className="mt-4 flex flex-wrap items-center gap-2">
            <Link
              to="/assets/$assetId"
              params={{ assetId }}
              data-testid="open-page"
              className={buttonClass('secondary')}
            >
              Open its page
            </Link>
            <Button look="quiet" disabled={!onPrevious} onClick={() => onPrevious?.()}>
              Previous
            </Button>
            <Button look="quiet" disabled={!onNext} onClick={() => onNext?.()}>
              Next
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
