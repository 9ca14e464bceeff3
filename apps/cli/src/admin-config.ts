import { z } from 'zod'

/** The key of a bucket that moves in, where it is not that of this installation. */
export const SourceConfig = z.object({
  SOURCE_APPLICATION_KEY: z
    .string()
    .optional()
    .describe(
      'Secret of the key of `darkroom import --bucket --key-id`. `--secret-stdin` reads it from the standard input instead.',
    ),
})

/** Which installation the commands for admins talk to. */
export const AdminConfig = z.object({
  DARKROOM_URL: z
    .url({ protocol: /^https?$/, error: 'expected the URL of an API, for example https://media.example.com' })
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'URL of the API that commands use. Default: the one of `darkroom login`, else the Darkroom that `npm start` runs on this machine, else `http://127.0.0.1:3000`.',
    ),
  DARKROOM_KEY: z
    .string()
    .optional()
    .describe(
      'API key that commands use. Default: the one of `darkroom login`, else the key of local mode, if the API is on this machine.',
    ),
  DARKROOM_PROFILE: z
    .string()
    .optional()
    .describe('Which login commands use, as `--profile` does. Default: the last `darkroom login`.'),
  DARKROOM_DEBUG: z.string().optional().describe('Any value: unexpected errors are shown with their stack trace.'),
})
