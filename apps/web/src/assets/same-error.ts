interface Said {
  code: string
  message: string
}

/** Whether two errors tell a reader the same. */
export const isSameError = (error: Said, other: Said | null | undefined): boolean =>
  error.code === other?.code && error.message === other.message
