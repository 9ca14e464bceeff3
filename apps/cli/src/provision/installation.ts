/** The environment of the process, of which an installation's own variables tell what its store needs. */
type Env = Record<string, string | undefined>

const HOOK_PATH = '/v1/hooks/b2'

/** Returns the origins of the pages that use the store: that of Darkroom itself, and those that may call its API. */
export function pageOrigins({ PUBLIC_URL, CORS_ORIGINS = '' }: Env): string[] {
  const own = URL.parse(PUBLIC_URL ?? '')?.origin
  const others = CORS_ORIGINS.split(',').flatMap(origin => origin.trim() || [])
  return [...(own ? [own] : []), ...others]
}

/** Returns where the store should send its events; null when no address of the API is known. */
export function eventsUrl(given: string | undefined, { PUBLIC_URL }: Env): string | null {
  if (given) return given
  return PUBLIC_URL ? PUBLIC_URL.replace(/\/+$/, '') + HOOK_PATH : null
}
