import type { AttemptError } from '@darkroom/contracts'
import { errorTitle } from '../format/error-title.ts'

/** Shows an error in words, with its details, and with its code to search for. */
export function ErrorLine({ error: { code, message, said } }: { error: AttemptError }) {
  return (
    <p className="text-sm wrap-anywhere">
      <span className="font-medium text-bad">{errorTitle(code)}.</span> {message}{' '}
      <span className="font-mono text-xs text-muted">{code}</span>
      {said && <span className="block font-mono text-xs text-muted">{said}</span>}
    </p>
  )
}
