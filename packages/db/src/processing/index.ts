export { createProcessingQueries, type ProcessingQueries } from './processing-queries.ts'
