const UUID = '([0-9a-f-]{36})'

/** Every place of the page, by its path. What a path names, such as an asset, is the group of the pattern. */
const PAGE_PATHS = {
  files: /^\/$/,
  jobs: /^\/admin\/?$/,
  asset: new RegExp(`^/admin/assets/${UUID}/?$`, 'i'),
  webhooks: /^\/admin\/webhooks\/?$/,
  webhook: new RegExp(`^/admin/webhooks/${UUID}/?$`, 'i'),
  presets: /^\/admin\/presets\/?$/,
  preset: /^\/admin\/presets\/([a-z0-9-]+)\/?$/,
  keys: /^\/admin\/keys\/?$/,
  projects: /^\/admin\/projects\/?$/,
  project: new RegExp(`^/admin/projects/${UUID}/?$`, 'i'),
} as const satisfies Record<string, RegExp>

export type PagePlace = keyof typeof PAGE_PATHS

/** Returns where in the page a path leads and what it names (empty where it names nothing); null where there is nothing. */
export function placeOf(path: string): { place: PagePlace; name: string } | null {
  for (const [place, pattern] of Object.entries(PAGE_PATHS)) {
    const found = pattern.exec(path)
    if (found) return { place: place as PagePlace, name: found[1] ?? '' }
  }
  return null
}
