export { type AllowList, parseAllowList } from './allow-list.ts'
export { assertAllowedUrl } from './allowed-url.ts'
export { OutboundConfig } from './config.ts'
export { createOutboundClient, type OutboundAnswer, type OutboundClient } from './outbound-client.ts'
