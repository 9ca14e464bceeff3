import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import type { Operation, Parameter } from './document.ts'
import { hostileBody, hostileText, hostileValue, spoiled } from './hostile.ts'
import type { Owner } from './pool.ts'
import { bodySchemaOf, valuesOf } from './values.ts'
import type { Actor, World } from './world.ts'

/** One request, as it goes over the wire. */
export interface FuzzRequest {
  actor: Actor
  method: string
  /** Path and query. */
  target: string
  /** A name may come more than once. */
  headers: [name: string, value: string][]
  body: Buffer | null
  /** Of the ids in the path: those of a project that the actor does not belong to. */
  foreign: boolean
}

interface Path {
  path: string
  owner: Owner | null
}

type Pair = [name: string, value: string]

/** Requests for an operation: half of them as the document has it, half with something that it does not. */
export function requestOf(world: World, operation: Operation): fc.Arbitrary<FuzzRequest> {
  const regular = parts(world, operation, true)
  const odd = parts(world, operation, false)
  return fc
    .oneof({ weight: 3, arbitrary: regular }, { weight: 2, arbitrary: odd })
    .map(({ actor, path, query, headers, body }) => {
      const search = query.map(([name, value]) => `${name}=${value}`).join('&')
      const own = [...authorization(actor), ...headers, ...signature(world, operation, body)]
      return {
        actor,
        method: operation.method,
        target: search === '' ? path.path : `${path.path}?${search}`,
        headers:
          body && !own.some(([name]) => name === 'content-type') ? [['content-type', 'application/json'], ...own] : own,
        body,
        foreign:
          path.owner !== null && actor.owner !== null && path.owner !== actor.owner && !reachesAll(operation, actor),
      } satisfies FuzzRequest
    })
}

/**
 * Tells whether an operation reaches all projects: operators do, share links are for everybody, and names exist in each
 * project.
 */
const reachesAll = ({ path }: Operation, { isOperator }: Actor): boolean =>
  /^\/[sv]\//.test(path) ||
  path.startsWith('/v1/presets/') ||
  (isOperator && (path.startsWith('/v1/admin/') || path.endsWith('/takedown')))

const parts = (world: World, operation: Operation, isRegular: boolean) =>
  fc.record({
    actor: actorOf(world, isRegular),
    path: pathOf(world, operation, isRegular),
    query: queryOf(world, operation, isRegular),
    headers: headersOf(operation, isRegular),
    body: bodyOf(world, operation, isRegular),
  })

const actorOf = ({ actors }: World, isRegular: boolean): fc.Arbitrary<Actor> =>
  fc.oneof(
    ...actors
      .filter(actor => !isRegular || actor.weight > 1)
      .map(actor => ({ weight: actor.weight, arbitrary: fc.constant(actor) })),
  )

const authorization = ({ authorization: value }: Actor): Pair[] => (value === null ? [] : [['authorization', value]])

/** Encodes text for a URL. Half a surrogate pair cannot be written as UTF-8, so its replacement is sent. */
const encoded = (value: string): string => encodeURIComponent(value.toWellFormed())

/** Most of what is asked for was made lately, so that it is still there. */
const NEWEST = 30

const PLACE = /\{\w+\}/

const RAW_IDS = ['%zz', '%00', '%ud800', '%FF', '%2e%2e%2f', '..', '.', 'x'.repeat(600), '%F0%9F%98%80', ' '.trim()]

function pathOf({ pool }: World, { path }: Operation, isRegular: boolean): fc.Arbitrary<Path> {
  const [, kind] = /([\w-]+)(?:\/\{\w+\})+(?!.*\{)/.exec(path) ?? []
  if (kind === undefined) return fc.constant({ path, owner: null })
  const filled = (ids: string[]) => ids.reduce((done, id) => done.replace(PLACE, () => id), path)
  const everywhere = (id: string) => path.replaceAll(new RegExp(PLACE, 'g'), () => id)
  const known = (owner: Owner) =>
    fc.tuple(fc.nat(NEWEST), fc.uuid()).map(([index, unknown]): Path => {
      const ids = pool.pick(owner, kind, index)
      return ids ? { path: filled(ids.map(encoded)), owner } : { path: everywhere(unknown), owner: null }
    })
  const unknown = fc.uuid().map((id): Path => ({ path: everywhere(id), owner: null }))
  const hostile = fc
    .oneof(fc.constantFrom(...RAW_IDS), hostileText.map(encoded))
    .map((id): Path => ({ path: everywhere(id), owner: null }))
  if (isRegular) return known('own')
  return fc.oneof(
    { weight: 5, arbitrary: known('own') },
    { weight: 2, arbitrary: known('other') },
    { weight: 1, arbitrary: unknown },
    { weight: 2, arbitrary: hostile },
  )
}

function queryOf(world: World, { parameters = [] }: Operation, isRegular: boolean): fc.Arbitrary<Pair[]> {
  const query = parameters.filter(parameter => parameter.in === 'query')
  const regular = query.map(({ name, schema, required = false }) =>
    fc
      .option(valuesOf(world, schema, name), { nil: undefined, freq: required ? 100 : 1 })
      .map((value): Pair[] => (value === undefined ? [] : [[name, encoded(String(value))]])),
  )
  const asDocumented = fc.tuple(...regular).map(pairs => pairs.flat())
  if (isRegular) return asDocumented
  const names = [...query.map(({ name }) => name), 'unknown', '__proto__', 'limit[]']
  const odd = fc.tuple(
    fc.constantFrom(...names.filter(name => name !== 'wait')),
    fc.oneof(hostileText.map(encoded), fc.constantFrom('%zz', '%ff', '%00', '')),
  )
  return fc.tuple(asDocumented, fc.array(odd, { maxLength: 2 })).map(([pairs, more]) => [...pairs, ...more])
}

const IDEMPOTENCY_KEYS = ['', ' ', 'same', 'same', 'ü', 'x'.repeat(256), '"quoted"', 'a b']
const ETAGS = ['*', 'W/"1"', '"2"', 'W/"1", W/"2"', 'W/', '"', 'nonsense', ',,,', '""']
const EVENT_IDS = ['0', '1', '-1', '99999999999', 'x', '', '1.5', ' 1', '２']

/** Headers that a client may send of its own accord, on whatever operation. */
const ODD_HEADERS: fc.Arbitrary<Pair> = fc.oneof(
  fc.constantFrom(...ETAGS).map((value): Pair => ['if-none-match', value]),
  fc.constantFrom(...EVENT_IDS.filter(isHeader)).map((value): Pair => ['last-event-id', value]),
  fc
    .constantFrom(
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      '',
      'nonsense',
      'application/json; charset=utf-16',
    )
    .map((value): Pair => ['content-type', value]),
  fc.constantFrom('*/*', 'text/html', 'image/png', '', 'application/json;q=0').map((value): Pair => ['accept', value]),
  fc
    .constantFrom('https://evil.example.com', 'null', 'http://localhost:5173', '')
    .map((value): Pair => ['origin', value]),
  fc.constantFrom<Pair>(['x-forwarded-for', '1.2.3.4'], ['content-encoding', 'gzip'], ['range', 'bytes=0-1']),
  fc.constantFrom<Pair>(['x-http-method-override', 'DELETE'], ['cookie', 'a=b; '.repeat(50)], ['x-request-id', "'"]),
)

function isHeader(value: string): boolean {
  return /^[\x20-\x7e\x80-\xff]*$/.test(value)
}

function headersOf({ parameters = [] }: Operation, isRegular: boolean): fc.Arbitrary<Pair[]> {
  const documented = parameters
    .filter(isIdempotencyKey)
    .map(({ name }) =>
      fc
        .option(isRegular ? fc.uuid() : fc.oneof(fc.uuid(), fc.constantFrom(...IDEMPOTENCY_KEYS)))
        .map((value): Pair[] => (value === null ? [] : [[name.toLowerCase(), value]])),
    )
  const own = fc.tuple(...documented).map(pairs => pairs.flat())
  if (isRegular) return own
  return fc.tuple(own, fc.array(ODD_HEADERS, { maxLength: 2 })).map(([pairs, more]) => [...pairs, ...more])
}

const isIdempotencyKey = (parameter: Parameter): boolean =>
  parameter.in === 'header' && parameter.name === 'Idempotency-Key'

const json = (value: unknown): Buffer | null => (value === undefined ? null : Buffer.from(JSON.stringify(value)))

function bodyOf(world: World, operation: Operation, isRegular: boolean): fc.Arbitrary<Buffer | null> {
  const schema = bodySchemaOf(operation)
  const valid = schema ? valuesOf(world, schema) : undefined
  if (isRegular) return valid ? valid.map(json) : fc.constant(null)
  if (operation.method === 'GET') return fc.constant(null)
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: hostileBody },
    { weight: 1, arbitrary: hostileValue.map(json) },
    ...(valid
      ? [
          { weight: 2, arbitrary: valid.map(json) },
          { weight: 8, arbitrary: spoiled(valid).map(json) },
        ]
      : []),
  )
}

const SIGNATURE = 'x-bz-event-notification-signature'

/** Signs an event of the store; without a signature the API would not read it. */
function signature({ eventSecret }: World, { parameters = [] }: Operation, body: Buffer | null): Pair[] {
  if (!parameters.some(({ name }) => name.toLowerCase() === SIGNATURE)) return []
  const hex = createHmac('sha256', eventSecret)
    .update(body ?? '')
    .digest('hex')
  return [[SIGNATURE, `v1=${hex}`]]
}
