import type { Migration } from '../../postgres/migrate.ts'

/** The log's tables, in a PostgreSQL schema. Only ever add to the end. */
export const busMigrations: readonly Migration[] = [
  { name: 'event log, consumers, dead letters', sql: (s) => TABLES(s) + APPEND_1(s) + SAVE_1(s) },
]

/** The names of tables and columns are those of the SQLite log. */
const TABLES = (s: string): string => `
  CREATE TABLE ${s}.event (
    position bigint PRIMARY KEY,
    at bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL
  );
  CREATE UNIQUE INDEX event_id ON ${s}.event (id);
  CREATE INDEX event_at ON ${s}.event (at);

  -- Where the log ends. Half a page left free: its one row changes with every batch.
  CREATE TABLE ${s}.head (last bigint NOT NULL) WITH (fillfactor = 50);
  INSERT INTO ${s}.head VALUES (0);

  CREATE TABLE ${s}.consumer (
    name text COLLATE "C" PRIMARY KEY,
    cursor bigint NOT NULL,
    pattern text COLLATE "C" NOT NULL,
    imported smallint NOT NULL,
    owner text COLLATE "C" NOT NULL,
    fence bigint NOT NULL,
    expires_at timestamptz NOT NULL
  ) WITH (fillfactor = 50);

  -- fresh: asked for by somebody, and not yet known to the owner of the consumer.
  CREATE TABLE ${s}.waiting (
    consumer text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    run text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    attempts integer NOT NULL,
    first_at bigint NOT NULL,
    next_at bigint NOT NULL,
    fresh smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (consumer, position, run)
  ) WITH (fillfactor = 80);
  CREATE INDEX waiting_fresh ON ${s}.waiting (consumer) WHERE fresh = 1;

  CREATE TABLE ${s}.replay (
    consumer text COLLATE "C" NOT NULL,
    run text COLLATE "C" NOT NULL,
    cursor bigint NOT NULL,
    until bigint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    fresh smallint NOT NULL DEFAULT 1,
    PRIMARY KEY (consumer, run)
  ) WITH (fillfactor = 50);

  CREATE TABLE ${s}.dead (
    id text COLLATE "C" PRIMARY KEY,
    consumer text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    stream text COLLATE "C" NOT NULL,
    attempts integer NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    error_code text COLLATE "C" NOT NULL,
    error_message text COLLATE "C" NOT NULL,
    exhausted text COLLATE "C" NOT NULL
  );
  CREATE INDEX dead_order ON ${s}.dead (consumer, position);
`

/**
 * Those who append take turns at the row of \`head\`, which is free again only when what they wrote can be seen: so
 * positions have no gaps and never appear below one that was read. A batch shares the turn, and its wait for the disk.
 */
const APPEND_1 = (s: string): string => `
  CREATE FUNCTION ${s}.append_1(ids text[], ats bigint[], bodies text[])
  RETURNS TABLE (place bigint, new_position bigint) LANGUAGE plpgsql AS $$
  DECLARE
    base bigint;
  BEGIN
    SELECT last INTO base FROM ${s}.head FOR UPDATE;
    RETURN QUERY
      WITH given AS (
        SELECT DISTINCT ON (g.id) g.id, g.at, g.body, g.i
        FROM unnest(ids, ats, bodies) WITH ORDINALITY AS g (id, at, body, i) ORDER BY g.id, g.i
      ), fresh AS (
        SELECT g.*, base + row_number() OVER (ORDER BY g.i) AS position
        FROM given g WHERE NOT EXISTS (SELECT 1 FROM ${s}.event e WHERE e.id = g.id)
      ), put AS (
        INSERT INTO ${s}.event (position, at, id, body) SELECT f.position, f.at, f.id, f.body FROM fresh f
      ), moved AS (
        UPDATE ${s}.head SET last = (SELECT max(f.position) FROM fresh f) WHERE EXISTS (SELECT 1 FROM fresh)
      )
      SELECT f.i, f.position FROM fresh f ORDER BY f.i;
  END $$;
`

/**
 * What consumers note, all in one transaction; answers those whose lease is lost. It need not wait for the disk: what
 * a power cut takes back is told again, and the next batch of events makes it durable too.
 */
const SAVE_1 = (s: string): string => `
  CREATE FUNCTION ${s}.save_1(changes jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
  DECLARE
    change jsonb;
    who text;
  BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    FOR change IN SELECT c.value FROM jsonb_array_elements(changes) AS c ORDER BY c.value ->> 'consumer' LOOP
      who := change ->> 'consumer';
      UPDATE ${s}.consumer c SET cursor = coalesce((change ->> 'cursor')::bigint, c.cursor)
        WHERE c.name = who AND c.fence = (change ->> 'fence')::bigint;
      IF NOT FOUND THEN
        RETURN NEXT who;
        CONTINUE;
      END IF;
      IF jsonb_array_length(change -> 'put') > 0 THEN
        INSERT INTO ${s}.waiting (consumer, position, run, stream, attempts, first_at, next_at)
          SELECT who, p.* FROM jsonb_to_recordset(change -> 'put')
            AS p (position bigint, run text, stream text, attempts integer, "firstAt" bigint, "nextAt" bigint)
          ON CONFLICT (consumer, position, run) DO UPDATE SET stream = excluded.stream,
            attempts = excluded.attempts, first_at = excluded.first_at, next_at = excluded.next_at, fresh = 0;
      END IF;
      IF jsonb_array_length(change -> 'drop') > 0 THEN
        DELETE FROM ${s}.waiting w USING jsonb_to_recordset(change -> 'drop') AS d (position bigint, run text)
          WHERE w.consumer = who AND w.position = d.position AND w.run = d.run;
      END IF;
      IF jsonb_array_length(change -> 'dead') > 0 THEN
        INSERT INTO ${s}.dead (consumer, id, position, stream, attempts, first_at, last_at, error_code,
            error_message, exhausted)
          SELECT who, d.* FROM jsonb_to_recordset(change -> 'dead')
            AS d (id text, position bigint, stream text, attempts integer, "firstAt" bigint, "lastAt" bigint,
              "errorCode" text, "errorMessage" text, exhausted text)
          ON CONFLICT (id) DO NOTHING;
      END IF;
      IF jsonb_array_length(change -> 'replays') > 0 THEN
        UPDATE ${s}.replay r SET cursor = p.cursor
          FROM jsonb_to_recordset(change -> 'replays') AS p (run text, cursor bigint)
          WHERE r.consumer = who AND r.run = p.run AND p.cursor IS NOT NULL;
        DELETE FROM ${s}.replay r USING jsonb_to_recordset(change -> 'replays') AS p (run text, cursor bigint)
          WHERE r.consumer = who AND r.run = p.run AND p.cursor IS NULL;
      END IF;
    END LOOP;
  END $$;
`
