import { endCdnPurges, takeCdnPurges } from '@darkroom/db/assets'
import { MAX_URLS, purgeUrls } from '../cloudflare.ts'
import { BATCH, type Task } from './task.ts'

/** Tells the CDN what was deleted, once it is gone from the store. A kill in between repeats it, which does no harm. */
export const purgeCdn: Task = {
  name: 'purge the CDN',
  everyMs: 5_000,
  async run({ database, settings }, signal) {
    const due = await takeCdnPurges(database.db, BATCH)
    if (due.length === 0) return
    const { cdn } = settings
    const urls = cdn ? due.flatMap(({ keys }) => keys.map(key => `${cdn.baseUrl}/${key}`)) : []
    for (let at = 0; cdn && at < urls.length; at += MAX_URLS) {
      await purgeUrls(cdn.zone, urls.slice(at, at + MAX_URLS), signal)
    }
    await endCdnPurges(database.db, due, { isDone: cdn !== null })
  },
}
