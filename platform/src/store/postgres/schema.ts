import type { Migration } from '../../postgres/migrate.ts'

/**
 * The store's tables, in a PostgreSQL schema of its own. Only ever add to the end.
 *
 * The change feed goes by (line, place): the number of the transaction, and the event's place in it. A sequence
 * would not do: a lower number may be committed after a higher one was read, and that event would be lost. Numbers of
 * transactions have the same trouble, but there PostgreSQL knows the end of the trouble: below `pg_snapshot_xmin`
 * nothing is running any more, so what is read there is all there will ever be.
 */
export const storeMigrations: readonly Migration[] = [
  { name: 'events, rows, checkpoints', sql: (s) => TABLES(s) + DONE_1(s) + COMMIT_1(s) + SAVE_1(s) },
]

/** Keys compare by the bytes of their UTF-8 (COLLATE "C"), as the port asks for. */
const TABLES = (s: string): string => `
  CREATE TABLE ${s}.events (
    line bigint NOT NULL,
    version bigint NOT NULL,
    at bigint NOT NULL,
    commit uuid NOT NULL,
    place smallint NOT NULL,
    stream text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    data text COLLATE "C" NOT NULL,
    meta text COLLATE "C" NOT NULL,
    PRIMARY KEY (stream, version)
  );
  CREATE UNIQUE INDEX events_line ON ${s}.events (line, place);

  -- A tenth left free lets an update stay on its page and touch no index.
  CREATE TABLE ${s}.rows (
    version bigint NOT NULL,
    expires_at bigint,
    tbl text COLLATE "C" NOT NULL,
    part text COLLATE "C" NOT NULL,
    sort text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (tbl, part, sort)
  ) WITH (fillfactor = 90);
  CREATE INDEX rows_expiry ON ${s}.rows (expires_at) WHERE expires_at IS NOT NULL;

  -- Commits without events, so that one whose answer got lost is not done twice. Kept for an hour.
  CREATE TABLE ${s}.commits (token uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX commits_at ON ${s}.commits (at);

  CREATE TABLE ${s}.checkpoints (
    consumer text COLLATE "C" PRIMARY KEY,
    line bigint NOT NULL,
    place smallint NOT NULL,
    owner uuid NOT NULL,
    fence bigint NOT NULL,
    expires_at timestamptz NOT NULL
  ) WITH (fillfactor = 50);

  -- Added to the number of a transaction. A dump restored elsewhere meets lower numbers, and must not go back.
  CREATE TABLE ${s}.line_start (value bigint NOT NULL);
  INSERT INTO ${s}.line_start VALUES (0);
`

/** Whether an earlier try of the same commit went through: its first event is there, or its token. */
const DONE_1 = (s: string): string => `
  CREATE FUNCTION ${s}.done_1(token uuid, streams text[], heads bigint[]) RETURNS boolean LANGUAGE sql AS $$
    SELECT CASE WHEN cardinality(streams) > 0
      THEN EXISTS (SELECT 1 FROM ${s}.events e
        WHERE e.stream = streams[1] AND e.version = heads[1] + 1 AND e.commit = token)
      ELSE EXISTS (SELECT 1 FROM ${s}.commits c WHERE c.token = done_1.token) END
  $$;
`

/**
 * A commit in one round trip. Answers which streams (1 …) and rows (after the streams) are not as expected; none: it
 * is done. A race lost after something was written cannot be answered, it must be undone: SQLSTATE ST001, the same
 * list as its detail. Streams and rows come sorted, so two commits never wait for one another in a circle.
 *
 * The streams are looked at before anything is written, because only the first write gives the transaction its
 * number: whoever wrote what we see here has a lower one, so lines rise with the versions of every stream.
 */
const COMMIT_1 = (s: string): string => `
  CREATE FUNCTION ${s}.commit_1(
    token uuid, is_repeat boolean, streams text[], heads bigint[],
    e_stream text[], e_version bigint[], e_id text[], e_type text[], e_at bigint[], e_data text[], e_meta text[],
    r_tbl text[], r_part text[], r_sort text[], r_expect bigint[], r_value text[], r_expires bigint[]
  ) RETURNS integer[] LANGUAGE plpgsql AS $$
  DECLARE
    wrong integer[];
    inserted integer;
  BEGIN
    wrong := ${s}.wrong_1(NULL, streams, heads, r_tbl, r_part, r_sort, r_expect);
    IF wrong IS NOT NULL THEN
      IF is_repeat AND ${s}.done_1(token, streams, heads) THEN RETURN '{}'; END IF;
      RETURN wrong;
    END IF;
    IF cardinality(streams) > 0 THEN
      INSERT INTO ${s}.events (line, version, at, commit, place, stream, id, type, data, meta)
        SELECT pg_current_xact_id()::text::bigint + (SELECT value FROM ${s}.line_start),
          version, at, token, place, stream, id, type, data, meta
        FROM unnest(e_stream, e_version, e_id, e_type, e_at, e_data, e_meta)
          WITH ORDINALITY AS e (stream, version, id, type, at, data, meta, place)
        ON CONFLICT (stream, version) DO NOTHING;
      GET DIAGNOSTICS inserted = ROW_COUNT;
      IF inserted = 0 AND is_repeat AND ${s}.done_1(token, streams, heads) THEN RETURN '{}'; END IF;
      IF inserted < cardinality(e_stream) THEN
        wrong := ${s}.wrong_1(token, streams, heads, r_tbl, r_part, r_sort, r_expect);
        RAISE 'conflict' USING ERRCODE = 'ST001', DETAIL = array_to_string(wrong, ',');
      END IF;
    ELSE
      INSERT INTO ${s}.commits (token) VALUES (commit_1.token) ON CONFLICT DO NOTHING;
      IF NOT FOUND THEN RETURN '{}'; END IF;
    END IF;
    FOR i IN 1 .. cardinality(r_tbl) LOOP
      IF NOT ${s}.write_1(r_tbl[i], r_part[i], r_sort[i], r_expect[i], r_value[i], r_expires[i]) THEN
        RAISE 'conflict' USING ERRCODE = 'ST001', DETAIL = cardinality(streams) + i;
      END IF;
    END LOOP;
    RETURN '{}';
  END $$;

  CREATE FUNCTION ${s}.wrong_1(
    ours uuid, streams text[], heads bigint[], r_tbl text[], r_part text[], r_sort text[], r_expect bigint[]
  ) RETURNS integer[] LANGUAGE plpgsql AS $$
  BEGIN
    RETURN (SELECT array_agg(i ORDER BY i) FROM (
      SELECT i FROM unnest(streams, heads) WITH ORDINALITY AS a (name, head, i)
        WHERE head <> coalesce((SELECT version FROM ${s}.events e
          WHERE e.stream = name AND (ours IS NULL OR e.commit <> ours) ORDER BY version DESC LIMIT 1), 0)
      UNION ALL
      SELECT cardinality(streams) + i
        FROM unnest(r_tbl, r_part, r_sort, r_expect) WITH ORDINALITY AS a (t, p, k, expect, i)
        WHERE expect IS NOT NULL AND expect <> coalesce((SELECT version FROM ${s}.rows r
          WHERE r.tbl = t AND r.part = p AND r.sort = k), 0)
    ) AS found);
  END $$;

  -- expect: null for anything, 0 for no row, else its version. A deleted row is first put where there is none, so
  -- that whoever puts one there at the same time has to wait, as with every other write.
  CREATE FUNCTION ${s}.write_1(
    t text, p text, k text, expect bigint, new_value text, expires bigint
  ) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    IF new_value IS NULL THEN
      IF expect IS NULL OR expect = 0 THEN
        INSERT INTO ${s}.rows (tbl, part, sort, version, value) VALUES (t, p, k, 0, '') ON CONFLICT DO NOTHING;
        IF expect = 0 AND NOT FOUND THEN RETURN false; END IF;
      END IF;
      DELETE FROM ${s}.rows WHERE tbl = t AND part = p AND sort = k AND (expect IS NULL OR version = expect);
      RETURN FOUND OR expect IS NULL;
    ELSIF expect IS NULL THEN
      INSERT INTO ${s}.rows AS r (tbl, part, sort, version, value, expires_at) VALUES (t, p, k, 1, new_value, expires)
        ON CONFLICT (tbl, part, sort) DO UPDATE
        SET version = r.version + 1, value = excluded.value, expires_at = excluded.expires_at;
    ELSIF expect = 0 THEN
      INSERT INTO ${s}.rows (tbl, part, sort, version, value, expires_at) VALUES (t, p, k, 1, new_value, expires)
        ON CONFLICT DO NOTHING;
    ELSE
      UPDATE ${s}.rows SET version = version + 1, value = new_value, expires_at = expires
        WHERE tbl = t AND part = p AND sort = k AND version = expect;
    END IF;
    RETURN FOUND;
  END $$;
`

/** A checkpoint need not wait for the disk: what a power cut takes back is told again. */
const SAVE_1 = (s: string): string => `
  CREATE FUNCTION ${s}.save_1(who text, new_line bigint, new_place smallint, our_fence bigint, lease interval)
  RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE ${s}.checkpoints
      SET line = new_line, place = new_place, expires_at = clock_timestamp() + lease
      WHERE consumer = who AND fence = our_fence;
    RETURN FOUND;
  END $$;
`
