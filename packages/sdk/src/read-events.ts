export interface ServerEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) without ids, of which nothing here
 * makes use. `onChunk` is called whenever something comes in, also a comment that keeps the connection alive.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onChunk: () => void,
): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      onChunk()
      const blocks = (rest + next.value).replaceAll('\r\n', '\n').split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) yield eventOf(block)
    }
  } finally {
    await reader.cancel()
  }
}

function eventOf(block: string): ServerEvent {
  const fields = block.split('\n').map(line => line.split(/: ?(.*)/s))
  const valuesOf = (name: string) => fields.filter(([field]) => field === name).map(([, value = '']) => value)
  return { event: valuesOf('event').at(-1) ?? 'message', data: valuesOf('data').join('\n') }
}
