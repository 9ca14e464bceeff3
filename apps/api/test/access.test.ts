import { SCOPES, type Scope } from '@darkroom/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import { createKey, createUpload, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
const keys = new Map<string, string>()
beforeAll(async () => {
  for (const scope of SCOPES) {
    keys.set(`only ${scope}`, (await createKey(api.deps, { scopes: [scope] })).key)
    keys.set(`all but ${scope}`, (await createKey(api.deps, { scopes: SCOPES.filter(each => each !== scope) })).key)
  }
  keys.set('operator', (await createKey(api.deps, { project: null })).key)
  keys.set('client token', (await createUpload(api)).clientToken)
})

interface Access {
  /** What a key needs; `any` is open to every key, null to all. */
  scope: Scope | 'any' | null
  clientToken?: true
  /** `too`: an operator reaches it as well as the project's admin; `only`: nobody else does. */
  operator?: 'too' | 'only'
}

const CLIENT = (scope: Scope): Access => ({ scope, clientToken: true })
const ADMIN: Access = { scope: 'admin', operator: 'too' }
const OPERATOR: Access = { scope: 'admin', operator: 'only' }

/** Every route of the contract and who is let in. */
const ACCESS: Record<string, Access> = {
  'POST /v1/uploads': { scope: 'upload' },
  'POST /v1/uploads/batch': { scope: 'upload' },
  'POST /v1/uploads/confirm': { scope: 'upload' },
  'GET /v1/uploads/{id}': CLIENT('upload'),
  'POST /v1/uploads/{id}/renew': CLIENT('upload'),
  'POST /v1/uploads/{id}/parts': CLIENT('upload'),
  'POST /v1/uploads/{id}/confirm': CLIENT('upload'),
  'DELETE /v1/uploads/{id}': CLIENT('upload'),
  'POST /v1/tus': { scope: 'upload' },
  'PATCH /v1/tus/{id}': CLIENT('upload'),
  'DELETE /v1/tus/{id}': CLIENT('upload'),
  'POST /v1/uploads/forms': { scope: 'upload' },
  'POST /v1/imports': { scope: 'upload' },
  'GET /v1/assets': { scope: 'read' },
  'GET /v1/assets/counts': { scope: 'read' },
  'POST /v1/assets/status': { scope: 'read' },
  'GET /v1/assets/{id}': CLIENT('read'),
  'PATCH /v1/assets/{id}': { scope: 'write' },
  'DELETE /v1/assets/{id}': { scope: 'write' },
  'POST /v1/assets/{id}/reprocess': { scope: 'write' },
  'POST /v1/assets/bulk': { scope: 'write' },
  'GET /v1/assets/{id}/manifest': CLIENT('read'),
  'GET /v1/assets/{id}/view': CLIENT('read'),
  'GET /v/{token}/{file}': { scope: null },
  'GET /v1/assets/{id}/receipt': { scope: 'read' },
  'GET /v1/assets/{id}/shares': { scope: 'write' },
  'POST /v1/assets/{id}/shares': { scope: 'write' },
  'GET /v1/assets/{id}/shares/{shareId}': { scope: 'write' },
  'DELETE /v1/assets/{id}/shares/{shareId}': { scope: 'write' },
  'POST /v1/assets/{id}/takedown': ADMIN,
  'GET /v1/folders': { scope: 'read' },
  'GET /v1/tags': { scope: 'read' },
  'POST /v1/archives': { scope: 'read' },
  'GET /z/{token}': { scope: null },
  'GET /s/{token}': { scope: null },
  'GET /v1/assets/{id}/download': CLIENT('read'),
  'GET /v1/assets/{id}/events': CLIENT('read'),
  'GET /v1/jobs/{id}': CLIENT('read'),
  'GET /v1/presets': { scope: 'read' },
  'POST /v1/presets': { scope: 'write' },
  'GET /v1/presets/{name}': { scope: 'read' },
  'GET /v1/presets/{name}/{version}': { scope: 'read' },
  'POST /v1/presets/{name}/plan': { scope: 'read' },
  'POST /v1/presets/preview': { scope: 'write' },
  'POST /v1/presets/{name}/apply': { scope: 'admin' },
  'GET /v1/backfills': { scope: 'read' },
  'GET /v1/backfills/{id}': { scope: 'read' },
  'POST /v1/backfills/{id}/pause': { scope: 'admin' },
  'POST /v1/backfills/{id}/resume': { scope: 'admin' },
  'POST /v1/backfills/{id}/cancel': { scope: 'admin' },
  'GET /v1/events': { scope: 'read' },
  'GET /v1/webhooks': { scope: 'read' },
  'POST /v1/webhooks': { scope: 'write' },
  'GET /v1/webhooks/{id}': { scope: 'read' },
  'PATCH /v1/webhooks/{id}': { scope: 'write' },
  'DELETE /v1/webhooks/{id}': { scope: 'write' },
  'POST /v1/webhooks/{id}/rotate': { scope: 'write' },
  'GET /v1/webhooks/{id}/deliveries': { scope: 'read' },
  'GET /v1/webhooks/{id}/deliveries/{deliveryId}': { scope: 'read' },
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver': { scope: 'write' },
  'POST /v1/webhooks/{id}/replay': { scope: 'write' },
  'POST /v1/webhooks/{id}/test': { scope: 'write' },
  'GET /v1/usage': { scope: 'read' },
  'GET /v1/usage/days': { scope: 'read' },
  'GET /v1/key': { scope: 'any', operator: 'too' },
  'GET /v1/keys': { scope: 'admin' },
  'POST /v1/keys': { scope: 'admin' },
  'GET /v1/keys/{id}': { scope: 'admin' },
  'POST /v1/keys/{id}/rotate': { scope: 'admin' },
  'DELETE /v1/keys/{id}': { scope: 'admin' },
  'GET /v1/admin/incidents': OPERATOR,
  'GET /v1/admin/history': OPERATOR,
  'GET /v1/admin/orphans': OPERATOR,
  'GET /v1/admin/failures': ADMIN,
  'GET /v1/admin/audit': ADMIN,
  'GET /v1/admin/jobs': ADMIN,
  'GET /v1/admin/jobs/{id}': ADMIN,
  'POST /v1/admin/jobs/{id}/requeue': ADMIN,
  'POST /v1/admin/jobs/{id}/cancel': ADMIN,
  'POST /v1/admin/jobs/requeue': ADMIN,
  'GET /v1/admin/assets/{id}/explain': ADMIN,
  'GET /v1/admin/quarantine': ADMIN,
  'POST /v1/admin/quarantine': ADMIN,
  'GET /v1/admin/quarantine/{id}': ADMIN,
  'DELETE /v1/admin/quarantine/{id}': ADMIN,
  'GET /v1/admin/takedowns': ADMIN,
  'DELETE /v1/admin/takedowns/{id}': OPERATOR,
  'GET /v1/admin/checks': OPERATOR,
  'GET /v1/admin/queues': OPERATOR,
  'POST /v1/admin/queues/{name}/pause': OPERATOR,
  'POST /v1/admin/queues/{name}/resume': OPERATOR,
  'POST /v1/admin/rebuild-queue': OPERATOR,
  'DELETE /v1/admin/alarms/{id}': OPERATOR,
  'GET /v1/admin/projects': OPERATOR,
  'POST /v1/admin/projects': OPERATOR,
  'GET /v1/admin/projects/{id}': OPERATOR,
  'DELETE /v1/admin/projects/{id}': OPERATOR,
  'POST /v1/admin/projects/{id}/restore': OPERATOR,
  'GET /v1/admin/projects/{id}/usage': OPERATOR,
  'GET /v1/admin/projects/{id}/usage/days': OPERATOR,
  'POST /v1/admin/usage/reconcile': OPERATOR,
  'PATCH /v1/admin/projects/{id}': OPERATOR,
  'GET /v1/admin/projects/{id}/keys': OPERATOR,
  'POST /v1/admin/projects/{id}/keys': OPERATOR,
  'GET /v1/admin/keys': OPERATOR,
  'POST /v1/admin/keys': OPERATOR,
  'GET /v1/admin/keys/{id}': OPERATOR,
  'POST /v1/admin/keys/{id}/rotate': OPERATOR,
  'DELETE /v1/admin/keys/{id}': OPERATOR,
  'GET /v1/status': { scope: null },
  'GET /healthz': { scope: null },
  'GET /readyz': { scope: null },
  'GET /metrics': OPERATOR,
}

it('has every route of the contract', () => {
  const documented = Object.entries(api.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods ?? {})
      .filter(method => method !== 'head')
      .map(method => `${method.toUpperCase()} ${path}`),
  )
  // Opened by a signature over its body, and by a token in it; see hooks.test.ts and forms.test.ts.
  const byBody = ['POST /v1/hooks/b2', 'POST /v1/uploads/form']
  expect(documented.filter(route => !byBody.includes(route)).toSorted()).toEqual(Object.keys(ACCESS).toSorted())
})

/** The first thing that is looked at is who asks: an empty body and an id of nothing do not get in the way. */
async function answerTo(route: string, who: string | null): Promise<number> {
  const [method = '', path = ''] = route.split(' ')
  const key = who === null ? null : (keys.get(who) ?? '')
  const url = path
    .replace(/\{(id|deliveryId)\}/g, unknownId)
    .replace('{name}', 'nothing')
    .replace('{version}', '1')
    .replace('{shareId}', unknownId())
    .replace('{token}', 'nothing')
  const answer = await api.call(method as 'GET' | 'POST', url, { key, ...(method !== 'GET' && { body: {} }) })
  return answer.statusCode
}

/** 401, 403, or in. */
async function doorOf(route: string, who: string | null): Promise<'in' | 401 | 403> {
  const status = await answerTo(route, who)
  return status === 401 || status === 403 ? status : 'in'
}

const needsScope = ([, { scope }]: [string, Access]) => scope !== null && scope !== 'any'

describe.each(Object.entries(ACCESS).filter(needsScope))('%s', (route, access) => {
  const scope = access.scope ?? 'read'

  it('lets in nobody without a key', async () => {
    expect(await doorOf(route, null)).toBe(401)
  })

  it(`wants the scope ${scope} and no other`, async () => {
    expect(await doorOf(route, `only ${scope}`)).toBe(access.operator === 'only' ? 403 : 'in')
    expect(await doorOf(route, `all but ${scope}`)).toBe(403)
  })

  it(`is ${access.clientToken ? '' : 'not '}for client tokens`, async () => {
    expect(await doorOf(route, 'client token')).toBe(access.clientToken ? 'in' : 401)
  })

  it(`is ${access.operator ? '' : 'not '}for operators`, async () => {
    expect(await doorOf(route, 'operator')).toBe(access.operator ? 'in' : 403)
  })
})

it.each(Object.entries(ACCESS).filter(([, { scope }]) => scope === null))('%s is open to all', async route => {
  expect(await doorOf(route, null)).toBe('in')
})

describe('GET /v1/key', () => {
  it.each(SCOPES)('tells a key that has only the scope %s so', async scope => {
    const answer = await api.call('GET', '/v1/key', { key: keys.get(`only ${scope}`) ?? null })
    expect(answer.json()).toMatchObject({ scopes: [scope], isOperator: false, project: { name: expect.any(String) } })
  })

  it('tells an operator that the key belongs to no project', async () => {
    const answer = await api.call('GET', '/v1/key', { key: keys.get('operator') ?? null })
    expect(answer.json()).toMatchObject({ isOperator: true, project: null })
  })

  it.each([null, 'client token'])('is nothing for %s', async who => {
    expect(await doorOf('GET /v1/key', who)).toBe(401)
  })
})
