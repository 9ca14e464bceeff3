import type { Asset, FocalPoint } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'
import { useState } from 'react'
import { displayVariantsOf } from '../../assets/display-variants.ts'
import { readyVariants } from '../../assets/ready-variants.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { useAssetAction } from '../use-asset-action.ts'
import { cropPlace, ratiosOf } from './crop-place.ts'
import { PointPicker } from './point-picker.tsx'

const MIDDLE: FocalPoint = { x: 0.5, y: 0.5 }

/** Lets one choose what stays in every crop of an image, and shows each crop as it will be. */
export function FocalSection({ asset }: { asset: Asset }) {
  const shown = useShownAsset(asset)
  const whole = wholeImage(shown)
  const { url, onError } = useSteadyUrl(asset.id, whole)
  const [chosen, setChosen] = useState<FocalPoint | null>(null)
  const save = useAssetAction(
    asset.id,
    (darkroom, point: FocalPoint | null) => aim(darkroom, asset.id, point),
    'The crops are being made again.',
    { onDone: () => setChosen(null) },
  )
  if (!whole?.width || !whole.height || !url) return null
  const point = chosen ?? asset.focalPoint ?? MIDDLE
  const image = { width: whole.width, height: whole.height }
  const isBusy = save.isPending || asset.progress < 1
  return (
    <Section title="Focal point" note={asset.focalPoint ? null : 'none chosen'} testId="focal">
      <div className="grid gap-4 rounded-2xl border border-line bg-surface p-4 shadow-card">
        <p className="text-sm text-muted text-pretty">
          Click what matters. It stays in every crop, whatever the preset says.
        </p>
        <PointPicker url={url} image={image} point={point} onError={onError} onChange={setChosen} />
        <ul aria-label="Crops" className="flex flex-wrap items-end gap-3">
          {ratiosOf(asset).map(({ label, value }) => {
            const { x, y } = cropPlace(point, image, value)
            return (
              <li key={label} className="grid max-w-full gap-1 text-xs text-muted">
                <img
                  src={url}
                  alt=""
                  data-testid="crop"
                  data-ratio={label}
                  style={{ aspectRatio: value, objectPosition: `${x}% ${y}%` }}
                  className="h-20 max-w-full rounded-lg bg-sunken object-cover"
                />
                {label}
              </li>
            )
          })}
        </ul>
        <div className="flex flex-wrap gap-2">
          <Button
            look="primary"
            data-testid="save-focal"
            disabled={!chosen || isBusy}
            onClick={() => chosen && save.run(chosen)}
          >
            Save and crop again
          </Button>
          {asset.focalPoint && (
            <Button look="quiet" data-testid="remove-focal" disabled={isBusy} onClick={() => save.run(null)}>
              Leave it to the preset
            </Button>
          )}
        </div>
      </div>
    </Section>
  )
}

async function aim(darkroom: Darkroom, id: string, focalPoint: FocalPoint | null): Promise<void> {
  await darkroom.assets.update(id, { focalPoint })
  await darkroom.assets.reprocess(id)
}

/** Returns the image that shows all of the original, as large as the page needs it. */
function wholeImage(asset: Asset) {
  const own = asset.width && asset.height ? asset.width / asset.height : null
  const whole = readyVariants(asset).filter(
    ({ contentType, width, height }) =>
      contentType?.startsWith('image/') && width && height && own && Math.abs(width / height / own - 1) < 0.02,
  )
  return displayVariantsOf({ ...asset, variants: whole }).image
}
