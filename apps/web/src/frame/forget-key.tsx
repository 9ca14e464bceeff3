import { Button } from '../ui/button.tsx'
import { ConfirmButton } from '../ui/confirm-button.tsx'
import { usePage } from './page-context.ts'

/** Shows the button for another key, where a key can be entered. While files are on their way it asks: they would stop. */
export function ForgetKey() {
  const { forgetKey, underWay } = usePage()
  if (!forgetKey) return null
  if (underWay === 0) {
    return (
      <Button look="quiet" data-testid="change-key" onClick={forgetKey} className="md:justify-start">
        Change key
      </Button>
    )
  }
  const uploads = underWay === 1 ? '1 upload' : `${underWay} uploads`
  return (
    <ConfirmButton
      detail={`and stop ${uploads}`}
      confirmLabel={`Stop ${uploads}`}
      testId="change-key"
      onConfirm={forgetKey}
    >
      Change key
    </ConfirmButton>
  )
}
