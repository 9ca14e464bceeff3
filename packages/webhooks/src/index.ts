export { renderMessage } from './message.ts'
export { newSecret, openSecret, sealSecret } from './secret.ts'
export { signedHeaders } from './sign.ts'
