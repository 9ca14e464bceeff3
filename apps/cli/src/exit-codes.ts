/** How every command ends. What a script can act on has a code of its own; docs/how-to/operate.md has the table. */
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
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a person is told when a command could not do what they asked for. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
