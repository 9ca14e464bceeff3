import type { Asset } from '@darkroom/contracts'

export interface Chapter {
  startMs: number
  title: string
}

/** Returns the chapters of a video or an audio file from its facts; an empty list when there are none. */
export function chaptersOf({ facts: { chapters } }: Pick<Asset, 'facts'>): Chapter[] {
  return Array.isArray(chapters) ? chapters.filter(isChapter) : []
}

const isChapter = (value: Partial<Chapter> | null): value is Chapter =>
  typeof value?.startMs === 'number' && typeof value.title === 'string'
