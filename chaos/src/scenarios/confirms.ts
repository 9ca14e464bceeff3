import { z } from 'zod'
import { makePhoto, sha256Of } from '../client/photo.ts'
import { secondsSince } from './load.ts'
import type { Scenario } from './scenario.ts'

const CONFIRMS = 50
const ConfirmedJob = z.object({ job: z.object({ id: z.string() }) })

const manyConfirms: Scenario = {
  number: 3,
  name: '50 confirms at once',
  fault: 'a client confirms one upload 50 times at the same moment, at two APIs',
  expected: 'one job; all get the same answer',
  figure: 's until the last answer',
  apis: 2,
  async run({ client, deployment, expectedState }, round) {
    const started = await client.start(await makePhoto(round.random))
    await client.put(started)
    const urls = deployment.processes.apiUrls()
    const began = performance.now()
    const path = `/v1/uploads/${started.upload.id}/confirm`
    const answers = await Promise.all(
      Array.from({ length: CONFIRMS }, (_, index) =>
        client.caller.call('POST', path, { via: urls[index % urls.length] ?? '' }),
      ),
    )
    const took = secondsSince(began)
    expectedState.record({ ...started.entry, guarantee: 'confirmed' })
    const jobs = new Set(answers.map(({ body }) => ConfirmedJob.safeParse(body).data?.job.id ?? 'no job'))
    const statuses = new Set(answers.map(({ status }) => status))
    round.expect(statuses.size === 1 && statuses.has(202), 'statuses', `answers were ${[...statuses].join(', ')}`)
    round.expect(jobs.size === 1, 'jobs', `${jobs.size} different jobs were answered`)
    const [row] = await deployment.sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM jobs WHERE asset_id = ${started.asset.id}`
    round.expect(row?.count === 1, 'jobs', `${row?.count} jobs were made`)
    return [took]
  },
}

const swappedBytes: Scenario = {
  number: 34,
  name: 'second PUT after the confirm',
  fault: 'the client puts other bytes of the same length on its signed URL, at once and while the worker is busy',
  expected: 'what was confirmed is what is processed: the bytes are bound to their version',
  figure: 's until settled',
  perRound: 5,
  async run({ client, timing }, round) {
    const began = performance.now()
    const swap = async () => {
      const photo = await makePhoto(round.random, { tint: 'red' })
      const other = await makePhoto(round.random, { tint: 'blue' })
      // The signature covers the length, and an image may be followed by anything.
      const length = Math.max(photo.bytes.length, other.bytes.length)
      const padded = [photo, other].map(({ bytes }) => padTo(bytes, length))
      const [mine = photo.bytes, theirs = other.bytes] = padded
      const started = await client.start({ ...photo, bytes: mine, sha256: sha256Of(mine) })
      await client.put(started)
      await client.confirm(started)
      await client.put(started, theirs)
      setTimeout(() => client.put(started, theirs).catch(() => undefined), round.random.int(20, 300))
      const asset = await client.settled(started.asset.id, timing.settleMs)
      const color = asset?.placeholder?.dominantColor ?? ''
      round.expect(isReddish(color), `asset ${started.asset.id}`, `its colour is ${color}: whose pixels are these?`)
    }
    await Promise.all(Array.from({ length: round.faults }, swap))
    return [secondsSince(began)]
  },
}

function padTo(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(length)
  padded.set(bytes)
  return padded
}

function isReddish(color: string): boolean {
  const [red = 0, , blue = 0] = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16))
  return red > blue
}

export const confirms: readonly Scenario[] = [manyConfirms, swappedBytes]
