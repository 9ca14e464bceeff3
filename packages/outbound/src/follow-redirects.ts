import { appError } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Gives up the body. */
  discard(): void
}

/**
 * Asks a URL and those that it redirects to. `ask` is what checks each of them, so none is trusted for who named it.
 * @throws TOO_MANY_REDIRECTS; URL_NOT_ALLOWED, not saying where a redirect leads: that is for the host to tell, not for us
 */
export async function followRedirects<T extends Answer>(
  start: string,
  maxRedirects: number,
  ask: (url: string) => Promise<T>,
): Promise<T> {
  let answer = await ask(start)
  let url = start
  for (let followed = 0; isRedirect(answer); followed++) {
    answer.discard()
    if (followed === maxRedirects)
      throw appError('TOO_MANY_REDIRECTS', `The URL redirects more than ${maxRedirects} times.`)
    url = URL.parse(String(answer.headers.location), url)?.href ?? ''
    answer = await ask(url).catch(error => {
      throw isAppError(error, 'URL_NOT_ALLOWED') ? notAllowed() : error
    })
  }
  return answer
}

const isRedirect = ({ status, headers }: Answer): boolean =>
  REDIRECTS.has(status) && typeof headers.location === 'string'

const notAllowed = () => appError('URL_NOT_ALLOWED', 'The URL redirects to a URL that is not allowed.')
