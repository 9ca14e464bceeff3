interface Said {
  code: string
  message: string
}

/** Tells whether two errors read the same. */
export const isSameError = (error: Said, other: Said | null | undefined): boolean =>
  error.code === other?.code && error.message === other.message
