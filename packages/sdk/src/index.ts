export type { CallOptions, DownloadOptions } from './calls/call-options.ts'
export { createDarkroom, type Darkroom, type DarkroomOptions } from './darkroom.ts'
export { type ClientErrorCode, DarkroomError } from './errors.ts'
export type * from './types.ts'
export { createBrowserMemory } from './upload/browser-memory.ts'
export type { Memory, PlannedUpload, Remembered, RememberedFile, RememberedUpload } from './upload/memory.ts'
export type { UntilReachable } from './upload/persistence.ts'
export type { Source, UploadInput } from './upload/source.ts'
export type {
  CreateOnServer,
  InterruptedUpload,
  UploadOptions,
  UploadPhase,
  UploadProgress,
  UploadResult,
} from './upload/upload-types.ts'
export type { WaitOptions } from './wait-until-ready.ts'
