import type { ServiceStatus } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { formatsByKind, kindNames } from '../../media-format.ts'

/** Shows the accepted kinds and the largest size; unfolded, every format. */
export function AcceptedFormats({ accepts, maxUploadBytes }: Pick<ServiceStatus, 'accepts' | 'maxUploadBytes'>) {
  const names = kindNames(accepts)
  return (
    <details>
      <summary className="mx-auto flex min-h-11 w-fit cursor-pointer list-none flex-wrap items-center justify-center gap-x-3 rounded-lg px-2">
        {names.charAt(0).toUpperCase() + names.slice(1)}, up to {humanBytes(maxUploadBytes)} each
        <span className="font-medium underline underline-offset-3">All formats</span>
      </summary>
      <dl className="mx-auto grid max-w-xl gap-2 pt-2 pb-1 text-left">
        {formatsByKind(accepts).map(({ kind, formats }) => (
          <div key={kind} className="sm:grid sm:grid-cols-[6rem_1fr]">
            <dt className="font-medium text-ink capitalize">{kind}</dt>
            <dd>{formats}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
