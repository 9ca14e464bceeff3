import { z } from 'zod'

const RECIPIENT = /^age1[0-9a-z]+$/

const Variables = z.object({
  BACKUP_RECIPIENT: z
    .string()
    .transform((list, context) => {
      const recipients = list.split(',').map(text => text.trim())
      if (!recipients.every(text => RECIPIENT.test(text)))
        context.addIssue('expected an age recipient (age1…), or several, comma-separated')
      return recipients
    })
    .optional()
    .describe(
      'Public key that backups are encrypted for (age1…), comma-separated if several people can restore. Create it with `darkroom backup keygen`.',
    ),
  BACKUP_EVERY_HOURS: z.coerce
    .number()
    .positive()
    .max(24 * 31)
    .optional()
    .describe('A worker backs the database up this often, in hours. Without it, nothing is backed up automatically.'),
  BACKUP_KEEP: z.coerce.number().int().min(1).max(10_000).default(30).describe('Number of backups that are kept.'),
  BACKUP_BUCKET: z.string().optional().describe('Private bucket for backups. Default: `B2_BUCKET_NAME`.'),
  BACKUP_IDENTITY: z
    .string()
    .regex(/^AGE-SECRET-KEY-/i, 'expected an age identity (AGE-SECRET-KEY-…)')
    .optional()
    .describe(
      'Secret key that decrypts backups, for `darkroom backup drill` and `restore` only. Do not set it on servers.',
    ),
  POSTGRES_BIN_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of pg_dump and pg_restore. Default: found by `PATH`, or the newest in `/usr/lib/postgresql`. They must be at least as new as the server.',
    ),
})

/** Backups of the database, from the environment. */
export const BackupConfig = Variables.refine(
  ({ BACKUP_EVERY_HOURS, BACKUP_RECIPIENT }) => !BACKUP_EVERY_HOURS || BACKUP_RECIPIENT,
  {
    path: ['BACKUP_RECIPIENT'],
    error: 'is missing; backups are always encrypted. Create a key with "npx darkroom backup keygen"',
    when: () => true,
  },
)
export type BackupConfig = z.output<typeof BackupConfig>
