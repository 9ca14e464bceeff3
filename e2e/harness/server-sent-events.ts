import type { IncomingMessage } from 'node:http'

export interface ServerSentEvent {
  id?: string
  event?: string
  data: string
  retry?: number
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as the contract goes. Throws when the answer breaks off. */
export async function* serverSentEvents(answer: IncomingMessage): AsyncGenerator<ServerSentEvent> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) yield parse(block)
  }
}

function parse(block: string): ServerSentEvent {
  const fields = Object.fromEntries(
    block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const { id, event, data = '', retry } = fields
  return { data, ...(id && { id }), ...(event && { event }), ...(retry && { retry: Number(retry) }) }
}
