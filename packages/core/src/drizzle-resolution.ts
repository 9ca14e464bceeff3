import { registerHooks } from 'node:module'

// Resolves imports of drizzle-orm without its package.json. Node reads that file, 180 KB, and parses what it exports for each
// import of the library and for each import within it: some 900 times, more than half of what the start of an API or a worker
// costs. An entry point imports this first and the rest of the program after it, with `await import`. See docs/decisions/0117.

const LIBRARY = 'drizzle-orm'
const IN_LIBRARY = new RegExp(`/node_modules/${LIBRARY}/.*\\.js$`)

/** What Node found for an entry of the library; there is one copy of it, so each importer means the same file. */
const entries = new Map<string, ReturnType<Resolve>>()

type Resolve = NonNullable<Parameters<typeof registerHooks>[0]['resolve']>

const resolve: Resolve = (specifier, context, nextResolve) => {
  // What is loaded with `require` has files of its own.
  if (!context.conditions.includes('import')) return nextResolve(specifier, context)
  if (specifier === LIBRARY || specifier.startsWith(`${LIBRARY}/`)) {
    const found = entries.get(specifier) ?? { ...nextResolve(specifier, context), shortCircuit: true }
    entries.set(specifier, found)
    return found
  }
  const { parentURL = '' } = context
  if (!specifier.startsWith('.') || !IN_LIBRARY.test(parentURL)) return nextResolve(specifier, context)
  return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
}

registerHooks({ resolve })
