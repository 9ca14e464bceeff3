export { renderMessage } from './message.ts'
export { messageIdOf, webhookIdOf } from './message-id.ts'
export { newSecret, openSecret, sealSecret } from './secret.ts'
export { signedHeaders } from './sign.ts'
