import { errorOfProblem, isDarkroomError } from '../errors.ts'
import { newId } from '../new-id.ts'
import type { CreateUpload, Problem, UploadConfirmed, UploadCreated } from '../types.ts'
import type { GroupedCalls, UploadSteps } from './grouped-calls.ts'
import { createBatches } from './in-batches.ts'

/** As many as the service takes. */
const MAX_ITEMS = 100

/** What a service refuses as a whole because of one, or because it is too old to know of batches. */
const ALONE = new Set(['INVALID_REQUEST', 'BODY_TOO_LARGE', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'])

interface Creation {
  body: CreateUpload
  idempotencyKey: string
}

/** While so many uploads are being sent, their confirms wait for each other a moment: it is the sending that takes the time. */
const LINGER_FROM = 8
/** While so many are being sent or wait for it, creating more has time: before it ends, others have been created. */
const ENOUGH_TO_SEND = 64

/** Makes the calls of uploads that are under way at the same time together. What has a client token is for one upload alone. */
export function createBatchedCalls(calls: GroupedCalls): UploadSteps {
  /** Of those that fail meanwhile some are counted for ever, which costs others a moment. */
  let sending = 0
  const create = createBatches<Creation, UploadCreated>({
    maxItems: MAX_ITEMS,
    mayLinger: () => sending >= ENOUGH_TO_SEND,
    one: ({ body, idempotencyKey }, signal) => calls.create(body, { signal, idempotencyKey }),
    many: (creations, signal) =>
      itemsOr(
        calls.createMany(
          { uploads: creations.map(({ body, idempotencyKey }) => ({ ...body, idempotencyKey })) },
          { signal },
        ),
      ),
  })
  const confirm = createBatches<string, UploadConfirmed>({
    maxItems: MAX_ITEMS,
    mayLinger: () => sending >= LINGER_FROM,
    one: (id, signal) => calls.confirm(id, {}, { signal }),
    many: (ids, signal) => itemsOr(calls.confirmMany({ ids }, { signal })),
  })
  return {
    async create(body, { idempotencyKey = newId(), signal } = {}) {
      const created = await create({ body, idempotencyKey }, signal)
      if (created.upload.type !== 'none') sending += 1
      return created
    },
    async confirm(id, body, options = {}) {
      if (options.token) return calls.confirm(id, body, options)
      sending = Math.max(0, sending - 1)
      return confirm(id, options.signal)
    },
  }
}

interface Refused {
  error: Problem
}

async function itemsOr<Item extends object>(
  answer: Promise<{ items: Item[] }>,
): Promise<PromiseSettledResult<Exclude<Item, Refused>>[] | null> {
  try {
    const { items } = await answer
    return items.map(item =>
      isRefused(item)
        ? { status: 'rejected', reason: errorOfProblem(item.error) }
        : { status: 'fulfilled', value: item as Exclude<Item, Refused> },
    )
  } catch (error) {
    if (isDarkroomError(error) && ALONE.has(error.code)) return null
    throw error
  }
}

const isRefused = (item: object): item is Refused => 'error' in item
