export { createLeadership } from './leadership.ts'
export { type Dispatcher, startDispatcher } from './start-dispatcher.ts'
