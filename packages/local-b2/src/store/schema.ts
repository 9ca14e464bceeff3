/** `segments` is JSON, `[[blob file, offset, length], …]`: an object's bytes in order. It is last, so lists never read it. */
export const schema = `
CREATE TABLE IF NOT EXISTS buckets (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, b2_id TEXT NOT NULL, access TEXT NOT NULL,
  created_at INTEGER NOT NULL, cors TEXT, lifecycle TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS bucket_settings (
  bucket_id INTEGER PRIMARY KEY REFERENCES buckets(id), revision INTEGER NOT NULL, info TEXT, encryption TEXT,
  event_rules TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS application_keys (
  key_id TEXT PRIMARY KEY, name TEXT NOT NULL, secret TEXT NOT NULL, capabilities TEXT NOT NULL, bucket_ids TEXT,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (file TEXT PRIMARY KEY, refs INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, bucket_id INTEGER NOT NULL REFERENCES buckets(id), key TEXT NOT NULL,
  version_id TEXT NOT NULL UNIQUE, latest INTEGER NOT NULL, marker INTEGER NOT NULL, size INTEGER NOT NULL,
  etag TEXT NOT NULL, created_at INTEGER NOT NULL, headers TEXT NOT NULL, segments TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS versions_by_key ON versions (bucket_id, key, seq DESC);
CREATE UNIQUE INDEX IF NOT EXISTS versions_latest ON versions (bucket_id, key) WHERE latest = 1;
CREATE INDEX IF NOT EXISTS versions_visible ON versions (bucket_id, key) WHERE latest = 1 AND marker = 0;
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, upload_id TEXT NOT NULL UNIQUE, bucket_id INTEGER NOT NULL REFERENCES buckets(id),
  key TEXT NOT NULL, created_at INTEGER NOT NULL, headers TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket_id, key, id);
CREATE TABLE IF NOT EXISTS parts (
  upload INTEGER NOT NULL REFERENCES uploads(id), number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  created_at INTEGER NOT NULL, segments TEXT NOT NULL, PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at);
`
