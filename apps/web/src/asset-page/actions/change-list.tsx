import type { Asset, Variant } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { type VariantChange, variantChanges } from './variant-changes.ts'

/** Shows what is different of an asset that was made again: each variant before and after. */
export function ChangeList({ before, after }: { before: Asset; after: Asset }) {
  const changes = variantChanges(before, after)
  const changed = changes.filter(({ what }) => what !== 'same').length
  return (
    <div data-testid="changes">
      <p className="font-medium" role="status">
        {changed === 0
          ? 'Nothing is different: every variant is as it was.'
          : `${changed} of ${changes.length} variants are different.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <section tabIndex={0} aria-label="Differences" className="mt-2 overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead className="text-muted">
            <tr>
              {['Variant', 'What', 'Before', 'After'].map(title => (
                <th key={title} className="py-2 pr-4 font-normal">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {changes.map(change => (
              <ChangeRow key={change.name} change={change} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

const COLORS: Record<VariantChange['what'], string> = {
  added: 'text-good',
  changed: 'text-warn',
  removed: 'text-bad',
  same: 'text-muted',
}

const ChangeRow = ({ change: { name, what, before, after } }: { change: VariantChange }) => (
  <tr data-testid="change" data-name={name} data-what={what}>
    <th scope="row" className="py-2 pr-4 font-medium">
      {name}
    </th>
    <td className={`py-2 pr-4 ${COLORS[what]}`}>{what}</td>
    <td className="py-2 pr-4 whitespace-nowrap text-muted">{factsOf(before)}</td>
    <td className="py-2 whitespace-nowrap text-muted">{factsOf(after)}</td>
  </tr>
)

function factsOf(variant: Variant | null): string {
  if (!variant) return '–'
  const { width, height, byteSize } = variant
  const size = width !== null && height !== null ? [`${width} × ${height}`] : []
  return [...size, ...(byteSize === null ? [] : [humanBytes(byteSize)])].join(', ')
}
