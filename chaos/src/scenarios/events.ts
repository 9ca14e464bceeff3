import { setTimeout as sleep } from 'node:timers/promises'
import { listVersions } from '../checker/store-listing.ts'
import { type B2Event, SIGNATURE_HEADER, signatureOf, uploadEvent } from '../client/b2-events.ts'
import type { Started } from '../client/client.ts'
import { PRIVATE_BUCKET } from '../deployment/settings.ts'
import { deliverPhotos, secondsToSettle } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const HOOK = '/v1/hooks/b2'
const COPIES = 10
const DAY_MS = 86_400_000

const send = ({ client }: ScenarioContext, { body }: B2Event, signature: string | null) =>
  client.caller.call('POST', HOOK, {
    body,
    headers: { 'content-type': 'application/json', ...(signature && { [SIGNATURE_HEADER]: signature }) },
  })

/** Builds the events that the store would have sent for the uploads. */
async function eventsOf({ deployment }: ScenarioContext, delivered: Started[], ageMs = 0): Promise<B2Event[]> {
  const ids = delivered.map(({ asset }) => asset.id)
  const versions = await listVersions(deployment.store.url, PRIVATE_BUCKET)
  return versions
    .filter(({ key }) => key.startsWith('uploads/') && ids.some(id => key.includes(id)))
    .map(({ key, versionId }) => {
      const objectSize = delivered.find(({ asset }) => key.includes(asset.id))?.photo.bytes.length ?? 0
      return uploadEvent({ objectName: key, objectVersionId: versionId, objectSize, ageMs })
    })
}

async function jobsOf({ deployment }: ScenarioContext, delivered: Started[]): Promise<number> {
  const ids = delivered.map(({ asset }) => asset.id)
  const [row] = await deployment.sql<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM jobs WHERE asset_id = ANY(${ids})`
  return row?.count ?? 0
}

const repeated: Scenario = {
  number: 30,
  name: 'events come ten times, in any order, a day late',
  fault: 'every event is delivered ten times at once, mixed, and once more with another id and a day old',
  expected: 'one job for each upload, confirmed by the client as well or not',
  figure: 's from the events until all is settled',
  apis: 2,
  perRound: 5,
  expectsUnconfirmed: true,
  async run(context, round) {
    const delivered = await deliverPhotos(context, round, round.faults)
    const events = await eventsOf(context, delivered)
    const began = performance.now()
    const all = round.random.shuffled(events.flatMap(event => Array.from({ length: COPIES }, () => event)))
    const [first] = delivered
    const answers = await Promise.all([
      ...all.map(event => send(context, event, signatureOf(event.body))),
      ...(first ? [context.client.confirm(first).then(() => null)] : []),
    ])
    const refused = answers.filter(answer => answer && answer.status >= 300)
    round.expect(refused.length === 0, 'events', `${refused.length} were refused, such as with ${refused[0]?.status}`)
    const took = await secondsToSettle(context, began)
    for (const event of await eventsOf(context, delivered, DAY_MS)) await send(context, event, signatureOf(event.body))
    const jobs = await jobsOf(context, delivered)
    round.expect(jobs === delivered.length, 'jobs', `${jobs} for ${delivered.length} uploads`)
    return [took]
  },
}

/** Everything that must not get in. */
const FORGERIES: readonly { what: string; forge(event: B2Event): { event: B2Event; signature: string | null } }[] = [
  { what: 'unsigned', forge: event => ({ event, signature: null }) },
  {
    what: 'signed with another secret',
    forge: event => ({ event, signature: signatureOf(event.body, 'x'.repeat(32)) }),
  },
  { what: 'an empty signature', forge: event => ({ event, signature: 'v1=' }) },
  {
    what: 'truncated',
    forge: event => ({ event: { ...event, body: event.body.slice(0, -20) }, signature: signatureOf(event.body) }),
  },
  {
    what: 'changed after it was signed',
    forge: event => ({
      event: { ...event, body: event.body.replace('Upload"', 'Copy"') },
      signature: signatureOf(event.body),
    }),
  },
]

const QUIET_MS = 300

const forged: Scenario = {
  number: 31,
  name: 'forged events',
  fault: 'events that are unsigned, signed with another secret, truncated or changed',
  expected: '401; nothing is accepted',
  figure: 'forgeries accepted',
  perRound: 5,
  async run(context: ScenarioContext, round: Round) {
    const delivered = await deliverPhotos(context, round, round.faults)
    const events = await eventsOf(context, delivered)
    let accepted = 0
    for (const event of events) {
      for (const { what, forge } of FORGERIES) {
        const forgery = forge(event)
        const { status } = await send(context, forgery.event, forgery.signature)
        round.expect(status === 401, what, `answered ${status}`)
        if (status < 300) accepted += 1
      }
    }
    await sleep(QUIET_MS)
    const jobs = await jobsOf(context, delivered)
    round.expect(jobs === 0, 'jobs', `${jobs} came of forged events`)
    await Promise.all(delivered.map(started => context.client.confirm(started)))
    return [accepted]
  },
}

export const events: readonly Scenario[] = [repeated, forged]
