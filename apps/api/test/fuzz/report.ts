import type { Result, Tally, Violation } from './run.ts'

/** Formats the result for a person: the table, what is weak, and how to repeat each violation. */
export function reportOf({ seed, requests, seconds, tallies, violations }: Result): string {
  const weak = tallies.filter(tally => share(tally) === 0).map(({ operation }) => operation)
  return [
    table([['operation', 'requests', '2xx, 3xx', 'statuses'], ...tallies.map(row)]),
    '',
    ...violations.map(violationText),
    ...(weak.length > 0 ? [`never succeeded: ${weak.join(', ')}`] : []),
    `${requests} requests, ${Math.round(requests / seconds)} a second, seed ${seed}: ${violations.length} violations`,
  ].join('\n')
}

const countOf = ({ statuses }: Tally): number => [...statuses.values()].reduce((sum, count) => sum + count, 0)

function share(tally: Tally): number {
  const good = [...tally.statuses].filter(([status]) => status < 400).reduce((sum, [, count]) => sum + count, 0)
  return good / Math.max(1, countOf(tally))
}

const row = (tally: Tally): string[] => [
  tally.operation,
  String(countOf(tally)),
  `${Math.round(share(tally) * 100)} %`,
  [...tally.statuses]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status}×${count}`)
    .join(' '),
]

function table(rows: string[][]): string {
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(cells => cells[column]?.length ?? 0)))
  return rows.map(cells => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}

export const violationText = ({ operation, faults, request, seed }: Violation): string =>
  [
    `VIOLATION ${operation} (${request.actor.name}, seed ${seed})`,
    ...faults.map(fault => `  ${fault}`),
    `  ${curlOf(request)}`,
    '',
  ].join('\n')

const MAX_SHOWN_BODY = 2000

const quoted = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text)
    ? `'${text.replaceAll("'", "'\\''")}'`
    : `$'${[...Buffer.from(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`

/** Formats a request as a curl command; `$API` is the URL of the API. */
function curlOf({ method, target, headers, body }: Violation['request']): string {
  const shown =
    body && body.length > MAX_SHOWN_BODY ? `<${body.length} bytes: ${body.subarray(0, 60)}…>` : body?.toString()
  return [
    `curl -i -X ${method} --path-as-is "$API"${quoted(target)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(shown === undefined ? [] : [`--data-binary ${quoted(shown)}`]),
  ].join(' ')
}
