SELECT count(*) FROM (
  SELECT FROM jobs
  WHERE queue = ANY (string_to_array('$queues', ','))
    AND (status = 'running' OR status = 'queued' AND available_at <= now()
      AND NOT EXISTS (SELECT FROM queue_states WHERE queue_states.queue = jobs.queue AND paused_at IS NOT NULL))
  LIMIT 10000
) AS to_do
