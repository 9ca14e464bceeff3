import { createDarkroomOn, type Darkroom as DarkroomOn, type DarkroomOptions } from '../darkroom.ts'
import { createBatchedCalls } from '../upload/batched-calls.ts'
import { untilOnline } from '../upload/online.ts'
import { createSlots } from '../upload/slots.ts'
import { createFolderMemory, defaultFolder } from './folder-memory.ts'
import { createNodePut } from './node-put.ts'
import { createNodeSha256 } from './node-sha256.ts'
import { type NodeInput, openNodeSource } from './node-source.ts'

export * from '../index.ts'
export { createFolderMemory } from './folder-memory.ts'
export type { NodeInput } from './node-source.ts'

export type Darkroom = DarkroomOn<NodeInput>

/** However many uploads are begun at once, so many files of one PUT are on their way to the store. */
const SINGLES_AT_ONCE = 16

/**
 * Creates the client of one Darkroom for Node: it also uploads paths and streams, and remembers uploads in a folder of the
 * user, so that the next run goes on with what a crash interrupted.
 */
export const createDarkroom = (options: DarkroomOptions): Darkroom =>
  createDarkroomOn(options, {
    open: openNodeSource,
    createSha256: createNodeSha256,
    put: createNodePut(),
    memory: options.memory ?? createFolderMemory(defaultFolder()),
    untilOnline,
    batch: createBatchedCalls,
    inSlot: createSlots(SINGLES_AT_ONCE),
  })
