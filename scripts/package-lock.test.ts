import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Locked {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>
}

const INSIDE = 'node_modules/'

/** Tells whether Node would find a package from a place: in its own node_modules or those above it. */
function isLocked(place: string, name: string): boolean {
  if (packages[`${place === '' ? '' : `${place}/`}${INSIDE}${name}`]) return true
  return place !== '' && isLocked(place.slice(0, Math.max(0, place.lastIndexOf(`/${INSIDE}`))), name)
}

// `npm install` beside node_modules that were made on one platform drops what other platforms need, and `npm ci` then
// refuses the lock file: on every fresh machine.
it('locks every package that a locked one depends on, of all platforms', () => {
  const missing = Object.entries(packages).flatMap(([place, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter(name => !isLocked(place, name))
      .map(name => `${place} needs ${name}`),
  )
  expect(missing).toEqual([])
})
