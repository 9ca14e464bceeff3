import { makeHeavyPhoto, makePhoto } from '../client/photo.ts'
import { secondsSince, secondsToSettle, uploadPhotos } from './load.ts'
import { throughOutage } from './outage.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

const UPLOADS = 5
/** What workers write. Clients keep their connections, and whom B2 sends elsewhere must open another. */
const OURS = /^(originals|variants)\//

/** Uploads under faults that end by themselves. @returns seconds until all is settled */
async function uploadUnderFaults(context: ScenarioContext, round: Round): Promise<number[]> {
  const began = performance.now()
  await uploadPhotos(context, round, UPLOADS)
  return [await secondsToSettle(context, began)]
}

const busy: Scenario = {
  number: 21,
  name: 'store answers 503',
  fault: '503 SlowDown with Retry-After to everything for 60 s; or 503 tied to single TCP connections',
  expected: 'waits as long as it is asked to; tries again on another connection; no job fails',
  figure: 's from its recovery (or the first upload) until all is settled',
  workers: 2,
  async run(context, round) {
    const { faults, requests } = context.deployment.store
    requests.clear()
    const isTied = round.index % 2 === 1
    if (isTied)
      faults.set({ kind: 'slow-down', perConnection: true, times: round.random.int(2, 6), match: { key: OURS } })
    const figures = isTied
      ? await uploadUnderFaults(context, round)
      : await throughOutage(context, round, {
          tableSec: 60,
          begin: () => faults.set({ kind: 'slow-down', retryAfterSec: round.random.int(1, 3) }),
          end: faults.clear,
        })
    round.note('requests answered 503', requests.list().filter(({ status }) => status === 503).length)
    await noteAttempts(context, round)
    return figures
  },
}

async function noteAttempts({ deployment }: ScenarioContext, round: Round): Promise<void> {
  const [row] = await deployment.sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM job_attempts WHERE outcome = 'failed' AND started_at > now() - interval '2 minutes'`
  round.note('attempts used up', row?.count ?? 0)
}

const lostAnswers: Scenario = {
  number: 22,
  name: 'answer of a PUT or a copy is lost',
  fault: 'the store does the work, then the connection ends without an answer',
  expected: 'tried again; the version too many is removed',
  figure: 's from the first upload until all is settled',
  async run(context, round) {
    const { faults } = context.deployment.store
    faults.set({
      kind: 'lost-response',
      times: round.random.int(1, 6),
      match: { operation: 'PutObject', key: 'variants/' },
    })
    faults.set({ kind: 'lost-response', times: round.random.int(1, 3), match: { operation: 'CopyObject' } })
    return uploadUnderFaults(context, round)
  },
}

const PART_BYTES = 5_000_000

const lostCompletion: Scenario = {
  number: 23,
  name: 'answer of the end of a multipart upload is lost',
  fault: 'the store assembles the object, then the connection ends without an answer',
  expected: 'what the store has decides: success, not an error',
  figure: 's until settled',
  async run({ client, deployment, timing }, round) {
    const photo = await makeHeavyPhoto(round.random, PART_BYTES + round.random.int(10_000, 1_000_000))
    const began = performance.now()
    const started = await client.start(photo, { more: { multipart: true } })
    round.expect(started.upload.type === 'multipart', 'upload', `its type is ${started.upload.type}`)
    if (started.upload.type !== 'multipart') return []
    const count = started.upload.partCount
    const parts = await Promise.all(Array.from({ length: count }, (_, index) => client.putPart(started, index + 1)))
    deployment.store.faults.set({
      kind: 'lost-response',
      times: round.random.int(1, 2),
      match: { operation: 'CompleteMultipartUpload' },
    })
    await client.confirm(started, { parts })
    const asset = await client.settled(started.asset.id, timing.settleMs)
    round.expect(asset?.status === 'ready', `asset ${started.asset.id}`, `is ${asset?.status} (${asset?.error?.code})`)
    return [secondsSince(began)]
  },
}

/** A copy may be silent for five minutes, by design: only the full table waits for it. */
const HANGING = ['GetObject', 'PutObject']

const silence: Scenario = {
  number: 24,
  name: 'store says nothing',
  fault: 'downloads, uploads and copies hang without a byte, or every connection does for a while',
  expected: 'given up after the idle timeout and tried again; the slot is free again',
  figure: 's from the first upload until all is settled',
  workers: 2,
  perRound: 5,
  async run(context, round) {
    const { store, proxies } = context.deployment
    if (round.index % 2 === 1) {
      return throughOutage(context, round, { tableSec: 60, begin: proxies.store.hang, end: proxies.store.heal })
    }
    for (let index = 0; index < round.faults; index++) {
      const operation = round.random.pick(context.timing.scale >= 1 ? [...HANGING, 'CopyObject'] : HANGING)
      const key = operation === 'GetObject' ? 'uploads/' : operation === 'PutObject' ? 'variants/' : 'originals/'
      store.faults.set({ kind: 'hang', times: 1, match: { operation, key } })
    }
    return uploadUnderFaults(context, round)
  },
}

const truncated: Scenario = {
  number: 25,
  name: 'download is cut short',
  fault: 'the body of a download ends at a random byte',
  expected: 'size and hash do not fit; read again; never taken for the whole',
  figure: 's from the first upload until all is settled',
  async run(context, round) {
    const times = round.random.int(1, 4)
    for (let index = 0; index < times; index++) {
      const bytes = round.random.int(0, 15_000)
      context.deployment.store.faults.set({
        kind: 'truncate',
        bytes,
        times: 1,
        match: { operation: 'GetObject', key: 'uploads/' },
      })
    }
    return uploadUnderFaults(context, round)
  },
}

const flipped: Scenario = {
  number: 26,
  name: 'one bit flips in a download',
  fault: 'one bit of the body is another, with and without a hash that the client declared; and in a reprocess',
  expected: 'found by its hash and read again, or refused with a clear code',
  figure: 's from the first upload until all is settled',
  allows: ['CHECKSUM_MISMATCH'],
  async run(context, round) {
    const { client, deployment } = context
    const { faults } = deployment.store
    const flip = (key: string) => {
      const bytes = round.random.int(0, 10_000)
      faults.set({ kind: 'flip-byte', bytes, times: 1, match: { operation: 'GetObject', key } })
    }
    const began = performance.now()
    flip('uploads/')
    const photo = await makePhoto(round.random)
    const started = await client.upload(photo, round.index % 2 === 0 ? { more: { sha256: photo.sha256 } } : {})
    const asset = await client.settled(started.asset.id, context.timing.settleMs)
    round.note(asset?.status === 'ready' ? 'read again' : 'refused', 1)
    if (asset?.status === 'ready') {
      flip('originals/')
      await client.caller.call('POST', `/v1/assets/${asset.id}/reprocess`, { json: {} })
    }
    return [await secondsToSettle(context, began)]
  },
}

export const store: readonly Scenario[] = [busy, lostAnswers, lostCompletion, silence, truncated, flipped]
