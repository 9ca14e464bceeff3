import type { Asset } from '@darkroom/contracts'

/** Lists the warnings of a file that was processed all the same. */
export function WarningList({ warnings }: Pick<Asset, 'warnings'>) {
  if (warnings.length === 0) return null
  return (
    <ul data-testid="warnings" className="mt-3 grid gap-2">
      {warnings.map(({ code, message, detail }) => (
        <li key={code} data-code={code} className="rounded-2xl border border-line bg-sunken px-4 py-3 text-sm">
          <p className="font-medium text-warn">{message}</p>
          <p className="mt-0.5 wrap-anywhere">{detail}</p>
          <p className="mt-1 font-mono text-xs text-muted">{code}</p>
        </li>
      ))}
    </ul>
  )
}
