import { parseSync } from 'oxc-parser'

export const nameOf = (node: unknown): string | null =>
  typeof node === 'object' && node !== null && 'name' in node && typeof node.name === 'string' ? node.name : null

type Node = Record<string, unknown>

/** A node of the syntax tree, and those that it stands in, the outermost first. */
interface Place {
  node: Node
  inside: Node[]
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Yields all nodes of a tree, each before its parts. */
function* placesIn(node: Node, inside: Place['inside'] = []): Generator<Place> {
  yield { node, inside }
  for (const child of Object.values(node).flat()) if (isNode(child)) yield* placesIn(child, [...inside, node])
}

const PARTS: ReadonlySet<unknown> = new Set(['assignment', 'values', 'guard'])
const SCOPES: ReadonlySet<unknown> = new Set(['Program', 'BlockStatement', 'StaticBlock'])
const isFunction = ({ type }: Node) => /Function/.test(String(type))

/** Finds which variable a name stands for, by the nodes that the name stands in. */
function variablesIn(places: Place[]): (name: string, inside: Node[]) => Node | undefined {
  const declared = new Map<unknown, Map<string | null, Node>>()
  for (const { node, inside } of places) {
    if (node.type !== 'VariableDeclarator' || !isNode(node.id)) continue
    const scope = inside.findLast(({ type }) => SCOPES.has(type))
    const names = declared.get(scope) ?? new Map<string | null, Node>()
    for (const { node: name } of placesIn(node.id)) names.set(nameOf(name), node)
    declared.set(scope, names)
  }
  return (name, inside) => declared.get(inside.findLast(scope => declared.get(scope)?.has(name)))?.get(name)
}

/**
 * Finds the transitions of a status that a function assigns and does not guard. A name is the variable that it stands for
 * there, and what has no name is its own text.
 */
export function unguardedTransitionsIn(path: string, text: string): string[] {
  const places = [...placesIn(parseSync(path, text).program as unknown as Node)]
  const sourceOf = ({ start, end }: Node) => text.slice(Number(start), Number(end))
  const variableOf = variablesIn(places)
  const assigned = new Map<string, string>()
  const guarded = new Set<string>()
  const note = (part: string | null, { inside }: Place, transition: string, shown: string) => {
    const use = `${inside.find(isFunction)?.start} ${transition}`
    if (part === 'guard') guarded.add(use)
    else assigned.set(use, `${shown} without its guard`)
  }
  for (const place of places) {
    const { node, inside } = place
    const { id, init, object } = node
    if (isNode(id) && id.type === 'ObjectPattern' && isNode(init)) {
      // `const { values } = jobStatus.to('queued')`
      const parts = (id.properties as { key: unknown }[]).map(({ key }) => nameOf(key)).filter(name => PARTS.has(name))
      if (isTransition(sourceOf(init))) for (const part of parts) note(part, place, sourceOf(init), sourceOf(init))
    }
    const part = nameOf(node.property)
    if (!isNode(object) || !PARTS.has(part)) continue
    const name = object.type === 'Identifier' ? nameOf(object) : null
    if (name === null) {
      if (isTransition(sourceOf(object))) note(part, place, sourceOf(object), `${sourceOf(object)}.${part}`)
      continue
    }
    const variable = variableOf(name, inside)
    if (variable && isTransition(sourceOf(variable))) note(part, place, `${name} ${variable.start}`, name)
  }
  return [...assigned].filter(([use]) => !guarded.has(use)).map(([, what]) => what)
}

const isTransition = (source: string): boolean => /\b(?:asset|job|variant|upload)Status\b/.test(source)
