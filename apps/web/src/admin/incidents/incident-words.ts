import type { Incident } from '@darkroom/contracts'

const counted = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`

/** Describes whom something affects: `12 assets of 2 projects`. */
export function affectedText({ assets, projects }: Incident['affected']): string {
  if (assets === null && projects === null) return 'possibly everybody'
  if (assets === 0 && !projects) return 'nobody so far'
  if (assets === null) return counted(projects ?? 0, 'project')
  return projects === null ? counted(assets, 'asset') : `${counted(assets, 'asset')} of ${counted(projects, 'project')}`
}
