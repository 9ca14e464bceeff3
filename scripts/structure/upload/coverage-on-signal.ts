import { takeCoverage } from 'node:v8'

// Preloaded into the process that is looked at. With NODE_V8_COVERAGE set, each SIGUSR2 writes what ran since the one before.
process.on('SIGUSR2', () => takeCoverage())
