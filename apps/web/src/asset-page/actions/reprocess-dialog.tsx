import type { Asset, Preset } from '@darkroom/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { closed } from '../../api/closed.ts'
import { useServices } from '../../hooks/use-services.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Select } from '../../ui/select.tsx'
import { useAssetAction } from '../use-asset-action.ts'
import { ChangeList } from './change-list.tsx'

/** Makes an asset again, by its preset or another one, and shows what is different then. */
export function ReprocessDialog({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { clients } = useServices()
  const [preset, setPreset] = useState(asset.preset.name)
  /** As it was when it was started. */
  const [before, setBefore] = useState<Asset | null>(null)
  const { data } = useQuery({
    queryKey: ['preset-names'],
    queryFn: async () => {
      const presets: Preset[] = []
      for await (const each of clients().quick.presets.each()) presets.push(await closed<Preset>(Promise.resolve(each)))
      return presets
    },
  })
  const names = [...new Set([asset.preset.name, ...(data ?? []).map(({ name }) => name)])]
  const start = useAssetAction(
    asset.id,
    darkroom => {
      setBefore(asset)
      return darkroom.assets.reprocess(asset.id, preset === asset.preset.name ? {} : { preset })
    },
    'Reprocessing has begun.',
    { failsInPlace: true },
  )
  const hasBegun = before !== null && !start.error && !start.isPending
  const isDone = hasBegun && asset.job !== null && ['succeeded', 'failed', 'cancelled'].includes(asset.job.status)
  return (
    <Dialog title={`Reprocess ${asset.filename}`} testId="reprocess-dialog" width="wide" onClose={onClose} isKept>
      {close => (
        <div className="mt-3 grid gap-4">
          {!hasBegun && (
            <>
              <p className="text-sm text-muted text-pretty">
                Variants that are missing, failed, or would come out different now are made. What is published stays
                until its replacement is ready.
              </p>
              <Select
                label="Preset"
                value={preset}
                choices={Object.fromEntries(
                  names.map(name => [name, name === asset.preset.name ? `${name} (as now)` : name]),
                )}
                testId="reprocess-preset"
                onChange={setPreset}
              />
              {start.error && (
                <p role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm wrap-anywhere">
                  {start.error.message}
                </p>
              )}
              <div className="flex flex-wrap gap-2">
                <Button
                  look="primary"
                  disabled={start.isPending}
                  data-testid="start-reprocess"
                  onClick={() => start.run(undefined)}
                >
                  Reprocess
                </Button>
                <Button look="quiet" onClick={close}>
                  Back
                </Button>
              </div>
            </>
          )}
          {hasBegun && !isDone && (
            <div className="grid gap-2">
              <p className="text-sm">Processing…</p>
              <ProgressBar
                value={Math.round(asset.progress * 100)}
                label={`Processing ${asset.filename}`}
                text={`${Math.round(asset.progress * 100)} %`}
              />
            </div>
          )}
          {hasBegun && isDone && (
            <>
              <ChangeList before={before} after={asset} />
              <div>
                <Button look="primary" onClick={close} data-autofocus>
                  Done
                </Button>
              </div>
            </>
          )}
        </div>
      )}
    </Dialog>
  )
}
