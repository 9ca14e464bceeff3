/** What happened since the last announcement: names of files by outcome. */
export interface News {
  added: string[]
  ready: string[]
  partial: string[]
  failed: string[]
  deleted: string[]
}

export const noNews = (): News => ({ added: [], ready: [], partial: [], failed: [], deleted: [] })

const PHRASES: [keyof News, one: string, many: string][] = [
  ['added', 'was added', 'files added'],
  ['ready', 'is ready', 'files ready'],
  ['partial', 'is partly ready', 'files partly ready'],
  ['failed', 'failed', 'files failed'],
  ['deleted', 'was deleted', 'files deleted'],
]

/** Returns one sentence for a screen reader, however much happened; '' when nothing did. */
export function announcementOf(news: News): string {
  const parts = PHRASES.flatMap(([outcome, one, many]) => {
    const names = news[outcome]
    if (names.length === 0) return []
    return names.length === 1 ? `${names[0]} ${one}` : `${names.length} ${many}`
  })
  return parts.length === 0 ? '' : `${parts.join(', ')}.`
}
