/** How every command ends. What a script can act on has a code of its own; docs/how-to/use-the-cli.md has the table. */
export const EXIT = {
  ok: 0,
  /** It could not do its work, or found what it looks for: the message says which. */
  failed: 1,
  /** Called in a way that it does not understand, or with settings that cannot be. */
  usage: 2,
  /** Nothing answers, or not now: the same may succeed later. */
  unreachable: 3,
  /** No key, a wrong one, or one that may not do this. */
  unauthorized: 4,
  notFound: 5,
  /** Refused, and the same will be refused again: of a type, size or content that is not accepted, or over a limit. */
  refused: 6,
  /** The file arrived, but its processing failed. */
  processingFailed: 7,
  /** Of several files some failed; the output says which. */
  someFailed: 8,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Returns the exit code for several files: the one that all have, or that some failed. */
export const exitCodeOfAll = (codes: Iterable<ExitCode>): ExitCode => {
  const [first = EXIT.ok, ...others] = new Set(codes)
  return others.length === 0 ? first : EXIT.someFailed
}

/** What a person is told when a command could not do what they asked for. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
