/** SQL from schema version i to i + 1; only ever added to. */
export const busMigrations: readonly string[] = [
  `
  -- Nothing is ever deleted here, so a plain rowid only rises and has no gaps.
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_at ON event (at);

  CREATE TABLE consumer (
    name TEXT PRIMARY KEY,
    cursor INTEGER NOT NULL,
    pattern TEXT NOT NULL,
    imported INTEGER NOT NULL,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- fresh: asked for by somebody, and not yet known to the owner of the consumer.
  CREATE TABLE waiting (
    consumer TEXT NOT NULL,
    position INTEGER NOT NULL,
    run TEXT NOT NULL,
    stream TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    fresh INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (consumer, position, run)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX waiting_fresh ON waiting (consumer) WHERE fresh = 1;

  CREATE TABLE replay (
    consumer TEXT NOT NULL,
    run TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    until INTEGER NOT NULL,
    scope TEXT NOT NULL,
    fresh INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (consumer, run)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE dead (
    id TEXT PRIMARY KEY,
    consumer TEXT NOT NULL,
    position INTEGER NOT NULL,
    stream TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    error_message TEXT NOT NULL,
    exhausted TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX dead_order ON dead (consumer, position);
  `,
]
