import type { InstallationChecks } from '@darkroom/contracts'

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Sums up the checks in a few words: what is amiss, else how many are fine. */
export function summaryOf({ checkedAt, faults, warnings, checks }: InstallationChecks): string {
  if (checkedAt === null) return 'Checking the installation …'
  const amiss = [faults > 0 && counted(faults, 'fault'), warnings > 0 && counted(warnings, 'warning')].filter(Boolean)
  if (amiss.length > 0) return amiss.join(', ')
  return `All ${counted(checks.filter(({ state }) => state === 'ok').length, 'check')} are fine`
}
