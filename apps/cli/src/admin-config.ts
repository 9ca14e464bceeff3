import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import { z } from 'zod'

/** Which installation the commands for admins talk to. */
export const AdminConfig = z.object({
  DARKROOM_URL: z
    .url('expected the URL of an API, for example https://media.example.com')
    .default('http://127.0.0.1:3000')
    .transform(url => url.replace(/\/+$/, ''))
    .describe('URL of the API that the commands for admins talk to.'),
  DARKROOM_KEY: z.string().min(1).default(LOCAL_KEY).describe('Key that these commands send.'),
})
