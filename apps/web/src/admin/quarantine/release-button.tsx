import type { Quarantined } from '@darkroom/contracts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { shortId } from '../format/short-id.ts'
import { useIsOperator } from '../overview/use-overview.ts'
import { useAction } from '../session/use-action.ts'

/**
 * Lets content be processed again. It crashed our workers, so it asks once more; what is kept back in every project, an operator
 * releases.
 */
export function ReleaseButton({ quarantined: { id, sha256, projectId } }: { quarantined: Quarantined }) {
  const release = useAction(
    darkroom => darkroom.admin.quarantine.release(id),
    () => 'Released from quarantine. Requeue its jobs to process it.',
  )
  const isOperator = useIsOperator()
  if (projectId === null && !isOperator) return null
  return (
    <ConfirmButton
      testId="release"
      detail={`${shortId(sha256)} from quarantine`}
      confirmLabel="Release"
      disabled={release.isPending}
      onConfirm={() => release.run(undefined)}
    >
      Release
    </ConfirmButton>
  )
}
