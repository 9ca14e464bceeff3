export type { CallOptions, DownloadOptions } from './calls/call-options.ts'
export { createDarkroom, type Darkroom, type DarkroomOptions } from './darkroom.ts'
export { DarkroomError } from './errors.ts'
export type * from './types.ts'
export type { Memory, PlannedUpload, Remembered, RememberedUpload } from './upload/memory.ts'
export type { Source, UploadInput } from './upload/source.ts'
export type {
  CreateOnServer,
  UploadOptions,
  UploadPhase,
  UploadProgress,
  UploadResult,
} from './upload/upload-types.ts'
export type { WaitOptions } from './wait-until-ready.ts'
