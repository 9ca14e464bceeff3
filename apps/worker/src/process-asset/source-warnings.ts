import { type AssetWarning, appError, WARNINGS, type WarningCode } from '@darkroom/contracts'
import type { AssetRow } from '@darkroom/db/assets'
import type { Findings, FindingsLog } from '@darkroom/jobs/findings'
import type { SourceWarning } from '@darkroom/media'

/** Takes down what a media process says of the source. */
export const noteWarning = (findings: Pick<FindingsLog, 'noteWarning'>, { code, detail }: SourceWarning): void =>
  findings.noteWarning({ code, message: WARNINGS[code].message, detail })

/**
 * Returns all known warnings of the source: those of this run, and earlier ones about variants that this run does not
 * make again and for which it did not read the source.
 */
export function knownWarnings(
  { warnings: found }: Pick<Findings, 'warnings'>,
  asset: Pick<AssetRow, 'warnings'>,
  { leavesFiles }: { leavesFiles: boolean },
): AssetWarning[] {
  const codes = new Set(found.map(({ code }) => code))
  return [...found, ...(leavesFiles ? asset.warnings.filter(({ code }) => !codes.has(code)) : [])]
}

/** Warnings that are errors, by code, and who says so. */
export type FailOn = ReadonlyMap<string, 'preset' | 'project'>

export const failOn = (rules: Record<'preset' | 'project', readonly WarningCode[] | undefined>): FailOn =>
  new Map([
    ...(rules.preset ?? []).map(code => [code, 'preset'] as const),
    ...(rules.project ?? []).map(code => [code, 'project'] as const),
  ])

/** @throws WARNING_REFUSED */
export function refuseWarnings(warnings: readonly AssetWarning[], rules: FailOn): void {
  for (const { code, detail } of warnings) {
    const by = rules.get(code)
    if (by) throw appError('WARNING_REFUSED', `The ${by} does not accept files with the warning ${code}: ${detail}`)
  }
}
