import type { Document, Step } from './document.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Schemas = Record<string, Json>

const REF = '#/components/schemas/'
const TWIN = 'Input'

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Collects every reference in a part of a document once, and the references of what it refers to. */
function refsOf(value: Json | undefined, schemas: Schemas, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) refsOf(item, schemas, found)
  if (!isObject(value)) return found
  if (typeof value.$ref === 'string') {
    const name = value.$ref.slice(REF.length)
    if (!found.has(name)) refsOf(schemas[name], schemas, found.add(name))
  }
  for (const child of Object.values(value)) refsOf(child, schemas, found)
  return found
}

/** Copies a part of the document with other references, and allows further fields: clients ignore unknown ones. */
function rewrite(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map(item => rewrite(item, rename))
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(([key, child]) => !(key === 'additionalProperties' && child === false))
  return Object.fromEntries(
    entries.map(([key, child]) =>
      key === '$ref' && typeof child === 'string'
        ? [key, REF + rename(child.slice(REF.length))]
        : [key, rewrite(child, rename)],
    ),
  )
}

/**
 * Merges the twin `XInput` that the generator makes of each named schema for requests. What is referred to keeps the
 * name of the contract; the twin stays only where requests and answers both have the schema and differ.
 */
export const mergeInputSchemas: Step = document => {
  const given = structuredClone(document) as unknown as { [name: string]: Json }
  const components = isObject(given.components) ? given.components : {}
  const schemas = isObject(components.schemas) ? components.schemas : {}
  const used = refsOf(given.paths, schemas)
  const bare = (name: string) => (name.endsWith(TWIN) ? name.slice(0, -TWIN.length) : name)
  const text = (name: string) => JSON.stringify(rewrite(schemas[name] ?? null, bare))
  // Also what they refer to: a twin may differ only in that.
  const same = (name: string) =>
    [name, ...refsOf(schemas[name], schemas)].every(each => text(each) === text(bare(each)))
  const rename = (name: string) => (name in schemas && (!used.has(bare(name)) || same(name)) ? bare(name) : name)
  const kept = [...used].map(name => [rename(name), rewrite(schemas[name] ?? null, rename)] as const)
  return {
    ...given,
    paths: rewrite(given.paths ?? {}, rename),
    components: { ...components, schemas: Object.fromEntries(kept) },
  } as unknown as Document
}
