/** The last part of a URL's path, as a person would write it; empty when it has none. */
export function urlName({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    // A per cent sign that encodes nothing.
    return last
  }
}
