import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDarkroom, DarkroomError } from '@darkroom/sdk'
import { expect, it, onTestFinished } from 'vitest'
import { explainFailure } from './explain-failure.ts'

const WHERE = { url: 'https://media.example.com/darkroom', keyOrigin: 'login' } as const
const error = (parts: Partial<ConstructorParameters<typeof DarkroomError>[0]>) =>
  new DarkroomError({ code: 'INTERNAL', message: 'It is broken.', status: 500, ...parts })

it('names the URL that a server redirects to, and sends the key nowhere else', async () => {
  const asked: (string | undefined)[] = []
  const server = createServer(({ url }, response) => {
    asked.push(url)
    response.writeHead(308, { location: `https://media.example.com${url}` }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const failure = await createDarkroom({ url, key: 'dk_key' })
    .usage.get()
    .catch(caught => caught)
  expect(explainFailure(failure, { url, keyOrigin: 'login' })).toMatchObject({
    exitCode: 3,
    message: `${url} redirects to https://media.example.com. Use that URL instead.`,
  })
  expect(asked).toEqual(['/v1/usage'])
})

it('gives each fault of a request a line of its own', () => {
  const errors = [
    { path: 'body.name', message: 'too short' },
    { path: 'body.kind', message: 'unknown' },
  ]
  const message = 'Invalid. body.name: too short. body.kind: unknown.'
  const { message: text, exitCode } = explainFailure(
    error({ code: 'INVALID_REQUEST', message, status: 400, errors }),
    WHERE,
  )
  expect(text).toMatch(/^INVALID_REQUEST: Invalid\.\n {2}body\.name: too short\n {2}body\.kind: unknown\nWhat to do: /)
  expect(exitCode).toBe(2)
})

it.each([
  ['a failure of the service', 1, {}, /^INTERNAL: It is broken\.\nWhat to do: .*$/m],
  ['one with the id of its request', 1, { requestId: 'r1' }, /\nRequest id: r1$/],
  [
    'a key that is revoked',
    4,
    { code: 'UNAUTHORIZED', status: 401 } as const,
    /Log in again: npx darkroom login https/,
  ],
  [
    'a page in place of the API',
    3,
    { code: 'INVALID_ANSWER', status: null } as const,
    /^https:\/\/media\.example\.com answers as no/,
  ],
  ['a proxy without the API', 3, { code: 'UNAVAILABLE', status: 502 } as const, /^UNAVAILABLE/],
  [
    'a store that does not answer',
    3,
    { code: 'NETWORK', message: 'No answer from https://store.example.', status: null } as const,
    /^No answer from https:\/\/store\.example\.\nWhat to do/,
  ],
])('says of %s what to do, with exit code %i', (_name, exitCode, parts, text) => {
  expect(explainFailure(error(parts), WHERE)).toMatchObject({ exitCode, message: expect.stringMatching(text) })
})
