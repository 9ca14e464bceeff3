// Thousands of clients that follow assets, in one process. Tells how long each entry of the log took to get here.
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { createParser } from 'eventsource-parser'
import { answerParent } from '../measure/forked.ts'

interface Follow {
  url: string
  key: string
  ids: string[]
}
const AT_ONCE = 50
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY })
const latencies: number[] = []

async function follow({ url, key }: Follow, id: string): Promise<void> {
  const asked = request(`${url}/v1/assets/${id}/events`, { agent, headers: { authorization: `Bearer ${key}` } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`following was answered with ${answer.statusCode}`)
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'bench.changed') latencies.push(Date.now() - JSON.parse(data).data.atMs)
    },
  })
  answer.setEncoding('utf8').on('data', text => parser.feed(text))
}

answerParent({}, async (message: { follow?: Follow }) => {
  const wanted = message.follow
  if (!wanted) return latencies
  for (let at = 0; at < wanted.ids.length; at += AT_ONCE) {
    await Promise.all(wanted.ids.slice(at, at + AT_ONCE).map(id => follow(wanted, id)))
  }
  return wanted.ids.length
})
