import type { Asset } from '@darkroom/contracts'

export interface Chapter {
  startMs: number
  title: string
}

/** The chapters of a video or an audio file, as the service tells them among the facts; none of what it does not tell so. */
export function chaptersOf({ facts: { chapters } }: Pick<Asset, 'facts'>): Chapter[] {
  return Array.isArray(chapters) ? chapters.filter(isChapter) : []
}

const isChapter = (value: Partial<Chapter> | null): value is Chapter =>
  typeof value?.startMs === 'number' && typeof value.title === 'string'
