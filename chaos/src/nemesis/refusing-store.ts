import { createServer } from 'node:http'

/** Why a store refuses everything: B2's answers, which only a person can change. */
export const REFUSALS = {
  'cap exceeded': {
    code: 'AccessDenied',
    message: 'Transaction cap exceeded, see the Caps & Alerts page to increase your cap.',
  },
  'bad key': { code: 'InvalidAccessKeyId', message: 'Malformed Access Key Id' },
  'expired key': { code: 'AccessDenied', message: 'The application key has expired' },
} as const
export type Refusal = keyof typeof REFUSALS

/** Starts a store that answers 403 to everything, to take the place of the real one. */
export async function startRefusingStore(refusal: Refusal): Promise<{ port: number; close(): Promise<void> }> {
  const { code, message } = REFUSALS[refusal]
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(403, { 'content-type': 'application/xml' }).end(request.method === 'HEAD' ? undefined : xml)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
