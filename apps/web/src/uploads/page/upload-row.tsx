import { memo, useState } from 'react'
import { Sizes } from '../../assets/details/sizes.tsx'
import { StatusText } from '../../assets/details/status-text.tsx'
import { WarningList } from '../../assets/details/warning-list.tsx'
import type { Row } from '../../hooks/use-rows.ts'
import { useServices } from '../../hooks/use-services.ts'
import { Thumbnail } from '../../library/thumbnail.tsx'
import { useMay } from '../../session/use-may.ts'
import { FileName } from '../../ui/file-name.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { advise } from '../advice.ts'
import { type Failure, failureOf } from '../failure.ts'
import { DetailsButton } from './details-button.tsx'
import { InterruptedActions } from './interrupted-actions.tsx'
import { PauseButton } from './pause-button.tsx'
import { RemoveButton } from './remove-button.tsx'
import { RowError } from './row-error.tsx'

interface UploadRowProps extends Row {
  /** Show the sizes unless the user chose otherwise for this row. */
  openByDefault: boolean
  /** Opens the picker, and calls back once something was chosen. */
  onChooseAnother: (onChosen: () => void) => void
}

/** One file on its whole way. */
export const UploadRow = memo(function UploadRow({
  item,
  asset,
  state,
  openByDefault,
  onChooseAnother,
}: UploadRowProps) {
  const { engine } = useServices()
  const mayWrite = useMay('write')
  const [chosenOpen, setOpen] = useState<boolean | null>(null)
  const [actionFailure, setActionFailure] = useState<Failure | null>(null)
  const { status, progress, text } = state
  const { name } = item
  const failure = actionFailure ?? state.failure
  const isOpen = chosenOpen ?? openByDefault
  const hasSizes = asset !== undefined && item.phase === 'following' && status !== 'failed' && asset.variants.length > 0
  const warnings = asset?.warnings ?? []
  const isInterrupted = status === 'interrupted'
  const inProgress =
    isInterrupted || status === 'paused' || status === 'uploading' || status === 'confirming' || status === 'processing'

  function attempt(action: () => Promise<void>, step: Failure['step']): void {
    setActionFailure(null)
    action().catch(error => setActionFailure(failureOf(error, step)))
  }
  const remove = () => attempt(() => engine.remove(item), 'remove')
  const retry = () => failure && attempt(() => engine.retry(item, failure), failure.step)

  return (
    <li
      data-testid="upload-row"
      data-status={status}
      data-asset-id={item.assetId ?? ''}
      className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 rounded-2xl border border-line bg-surface p-3 shadow-card sm:gap-x-5 sm:p-4"
    >
      <Thumbnail
        asset={asset}
        file={item.file}
        contentType={item.contentType}
        className={`size-16 self-start rounded-xl transition-[width,height] duration-500 sm:row-span-2 ${hasSizes && isOpen ? 'sm:size-44' : 'sm:size-20'}`}
      />
      <div className="grid min-w-0 gap-1 sm:min-h-16 sm:content-center">
        <FileName name={name} className="font-semibold" />
        <StatusText status={status} text={text} />
        {inProgress && progress !== null && (
          <div className="mt-2">
            {/* Another bar for another stage: one that runs back would look like a loss. */}
            <ProgressBar key={status} value={progress} label={name} text={text} />
          </div>
        )}
      </div>
      {!isInterrupted && (
        <div className="flex items-center max-sm:flex-col">
          <PauseButton item={item} />
          <DetailsButton item={item} asset={asset} />
          {(mayWrite || item.phase !== 'following') && (
            <RemoveButton name={name} isDeletion={item.phase === 'following'} onRemove={remove} />
          )}
        </div>
      )}
      {isInterrupted && <InterruptedActions item={item} onDiscard={remove} />}
      {(failure || hasSizes || warnings.length > 0) && (
        <div className="col-span-full min-w-0 sm:col-span-2 sm:col-start-2">
          {failure && (
            <RowError
              name={name}
              failure={failure}
              advice={advise(failure)}
              onRetry={mayWrite || failure.step !== 'process' ? retry : null}
              onChooseAnother={() => onChooseAnother(remove)}
            />
          )}
          <WarningList warnings={warnings} />
          {hasSizes && <Sizes asset={asset} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}
        </div>
      )}
    </li>
  )
})
