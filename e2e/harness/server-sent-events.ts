import type { IncomingMessage } from 'node:http'

export interface ServerSentEvent {
  id?: string
  event?: string
  data: string
  retry?: number
}

/**
 * Parses server-sent events as far as the contract uses them. @throws when the answer breaks off
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
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
