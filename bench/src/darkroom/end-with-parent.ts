// Preloaded into a Darkroom that the benchmark starts: it shuts down when the benchmark is gone, however that ended.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
