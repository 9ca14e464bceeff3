import { z } from 'zod'
import { parseAllowList } from './allow-list.ts'

export const OutboundConfig = z.object({
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform((list, context) => {
      try {
        return parseAllowList(list.split(',').flatMap(entry => entry.trim() || []))
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error))
        return z.NEVER
      }
    })
    .describe(
      'Hosts that webhooks and imports can call in addition to ports 80 and 443 of the public internet, comma-separated: `host:port`, `host:*`, or a range such as `10.1.0.0/16`. Caution: everyone who can import can read what these hosts serve. Set the same value for API and workers.',
    ),
})
export type OutboundConfig = z.output<typeof OutboundConfig>
