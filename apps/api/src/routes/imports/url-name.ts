/** Returns the last part of a URL's path, decoded; '' when there is none. */
export function urlName({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    // A per cent sign that encodes nothing.
    return last
  }
}
