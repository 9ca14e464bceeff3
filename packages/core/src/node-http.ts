/**
 * Provides what we use of `node:http`. An `import` of that module reads all its exports, among them one for which Node loads its
 * own `fetch`: twice the work of starting Node itself.
 */
export const { Agent, createServer, validateHeaderValue } = process.getBuiltinModule('node:http')
