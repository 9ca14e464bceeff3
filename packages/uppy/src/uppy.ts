/** What is used of a file of Uppy, the same in versions 5 and 6. */
export interface UppyFile {
  id: string
  name?: string | undefined
  type?: string | undefined
  size: number | null
  meta: Record<string, unknown>
  progress?: { uploadComplete?: boolean | undefined }
}

/** What is used of Uppy's core, the same in versions 5 and 6. */
export interface Uppy {
  getFile(id: string): UppyFile | undefined
  setFileMeta(id: string, meta: Record<string, unknown>): void
  setFileState(id: string, state: Pick<UppyFile, 'progress'>): void
  addPostProcessor(process: (fileIds: string[]) => Promise<void>): void
  on(event: 'file-removed', listener: (file: UppyFile) => void): unknown
  emit(event: 'upload-error', file: UppyFile | undefined, error: Error): void
  log(message: unknown, type?: 'warning'): void
}
