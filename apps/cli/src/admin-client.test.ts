import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createClientOf } from './admin-client.ts'

it('names the URL that a server redirects to, and sends the key nowhere else', async () => {
  const asked: (string | undefined)[] = []
  const server = createServer(({ url }, response) => {
    asked.push(url)
    response.writeHead(308, { location: `https://media.example.com${url}` }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createClientOf(async () => ({ url, key: 'dk_key', keyOrigin: 'login' }))
  await expect(client.get('/v1/status')).rejects.toMatchObject({
    exitCode: 3,
    message: `${url} redirects to https://media.example.com. Use that URL instead.`,
  })
  expect(asked).toEqual(['/v1/status'])
})
