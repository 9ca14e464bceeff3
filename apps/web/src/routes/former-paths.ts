/** Where the pages are now that were below `/admin`, by their former paths. */
const MOVED: readonly [RegExp, string][] = [
  [/^\/admin\/?$/, '/operations'],
  [/^\/admin\/assets\//, '/operations/assets/'],
  [/^\/admin\/keys\/?$/, '/projects/keys'],
  [/^\/admin\/(?=webhooks|presets|projects)/, '/'],
]

/** Returns the path that a former path leads to, null for what never was one. */
export function movedTo(path: string): string | null {
  const found = MOVED.find(([former]) => former.test(path))
  return found ? path.replace(...found) : null
}
