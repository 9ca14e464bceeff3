import type { AttemptError } from '@darkroom/contracts'
import { errorTitle } from '../format/error-title.ts'

/** What failed: in words, what exactly, and the code to search for. */
export function ErrorLine({ error: { code, message, said } }: { error: AttemptError }) {
  return (
    <p className="text-sm wrap-anywhere">
      <span className="font-medium text-bad">{errorTitle(code)}.</span> {message}{' '}
      <span className="font-mono text-xs text-muted">{code}</span>
      {said && <span className="block font-mono text-xs text-muted">{said}</span>}
    </p>
  )
}
