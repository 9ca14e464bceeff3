import { registerHooks } from 'node:module'

// Answers what Node would look up anew for each import. For one whose answer is known it reads and parses package.json files and
// asks the file system four times, which is up to a third of what loading an API or a worker costs. An entry point imports this
// first and the rest of the program after it, with `await import`. See docs/decisions/0123.

type Resolve = NonNullable<Parameters<typeof registerHooks>[0]['resolve']>
type Resolved = ReturnType<Resolve>

const ROOT = new URL('../../../', import.meta.url).href

/** Modules of libraries that consist of many ES modules, each of which imports no other file than those of the library. */
const IN_LIBRARY = /\/node_modules\/(?:drizzle-orm|zod)\/.*\.js$/
const PACKAGE_OF_LIBRARY = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//
const PACKAGE_OF_OURS = /^(?:(?:apps|packages)\/)?[^/]+\//

/** What Node found for an import by name: the same for each module of the package that imports it. */
const byName = new Map<string, Resolved>()

const resolve: Resolve = (specifier, context, nextResolve) => {
  const { conditions, parentURL = '' } = context
  // What is loaded with `require` is looked up by rules of its own.
  if (!conditions.includes('import')) return nextResolve(specifier, context)
  if (specifier.startsWith('node:')) return { url: specifier, format: 'builtin', shortCircuit: true }
  if (!specifier.startsWith('.')) return resolveByName(specifier, parentURL, () => nextResolve(specifier, context))
  const format = formatByPath(specifier, parentURL)
  if (!format) return nextResolve(specifier, context)
  return { url: new URL(specifier, parentURL).href, format, shortCircuit: true }
}

/** Returns the format of a file that is imported by its path, undefined where Node has to look. */
function formatByPath(specifier: string, parentURL: string): 'module' | 'module-typescript' | undefined {
  if (specifier.endsWith('.ts') && isOurs(parentURL)) return 'module-typescript'
  return specifier.endsWith('.js') && IN_LIBRARY.test(parentURL) ? 'module' : undefined
}

function resolveByName(specifier: string, parentURL: string, find: () => Resolved): Resolved {
  const importer = packageOf(parentURL)
  if (importer === undefined) return find()
  const key = `${importer} ${specifier}`
  const found = byName.get(key) ?? { ...find(), shortCircuit: true }
  byName.set(key, found)
  return found
}

const packageOf = (url: string): string | undefined =>
  isOurs(url) ? PACKAGE_OF_OURS.exec(url.slice(ROOT.length))?.[0] : PACKAGE_OF_LIBRARY.exec(url)?.[0]

/**
 * Tells whether a module is of this repository. Packages are linked into node_modules, but Node names a module by its
 * real path.
 */
const isOurs = (url: string): boolean => url.startsWith(ROOT) && !url.includes('/node_modules/')

registerHooks({ resolve })
