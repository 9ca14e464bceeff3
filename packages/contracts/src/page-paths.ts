const UUID = '[0-9a-f-]{36}'
const OPERATIONS = 'audit|backfills|quarantine'

/** The paths of the page. Those below `/admin` are former ones, which it leads on to where they are now. */
const PAGE_PATHS = [
  '/',
  '/library',
  `/assets/${UUID}`,
  `/operations(?:/(?:${OPERATIONS}))?`,
  `/operations/assets/${UUID}`,
  '/presets(?:/[a-z0-9-]+(?:/edit)?)?',
  `/webhooks(?:/${UUID}(?:/deliveries/${UUID})?)?`,
  `/projects(?:/(?:keys|${UUID}))?`,
  '/settings',
  '/admin',
  `/admin/(?:assets|webhooks|projects)/${UUID}`,
  '/admin/(?:webhooks|projects|keys|presets)',
  '/admin/presets/[a-z0-9-]+',
].map(path => new RegExp(`^${path === '/' ? '' : path}/?$`, 'i'))

/** Tells whether the page has something at a path; a server answers others with 404. */
export const isPagePath = (path: string): boolean => path.startsWith('/') && PAGE_PATHS.some(each => each.test(path))
