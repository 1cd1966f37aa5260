-- The ledger: append-only, numbered without gaps, chained and hashed into a tree (docs/ledger.md).
-- Times are milliseconds since the epoch by the database's clock.

CREATE TABLE signalbox.ledger (
  seq bigint PRIMARY KEY,
  at bigint NOT NULL,
  stream text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  prev_hash bytea NOT NULL,
  leaf_hash bytea NOT NULL,
  -- Root of the largest perfect subtree that this leaf completes: the tree's frontier and its
  -- proofs are read from a few of these, and no row has to be rewritten to keep them.
  node_hash bytea NOT NULL
);
CREATE UNIQUE INDEX ledger_stream ON signalbox.ledger (stream, version);
CREATE INDEX ledger_kind ON signalbox.ledger (kind, seq);
CREATE INDEX ledger_at ON signalbox.ledger (at);

CREATE TABLE signalbox.checkpoint (
  size bigint PRIMARY KEY,
  note text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE signalbox.stream (
  id text COLLATE "C" PRIMARY KEY,
  ord bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  version integer NOT NULL,
  fence integer NOT NULL DEFAULT 0,
  owner text,
  claimed_at bigint,
  service text,
  environment text,
  phase text,
  active boolean NOT NULL,
  ended boolean NOT NULL,
  wake_at bigint,
  state json NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX stream_one_active ON signalbox.stream (service, environment) WHERE active;
CREATE INDEX stream_listing ON signalbox.stream (kind, service, environment, ord);
CREATE INDEX stream_order ON signalbox.stream (kind, ord);
CREATE INDEX stream_due ON signalbox.stream (kind, wake_at) WHERE NOT ended;

CREATE TABLE signalbox.counter (
  name text PRIMARY KEY,
  number bigint NOT NULL
) WITH (fillfactor = 50);

-- What must never happen, whoever asks.

CREATE FUNCTION signalbox.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'SB004',
    MESSAGE = format('%s of %I is refused: %s', TG_OP, TG_TABLE_NAME, TG_ARGV[0]);
END
$$;

CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON signalbox.ledger
  FOR EACH ROW EXECUTE FUNCTION signalbox.refuse('the ledger only grows');
CREATE TRIGGER ledger_append_only_all BEFORE TRUNCATE ON signalbox.ledger
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.refuse('the ledger only grows');
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON signalbox.checkpoint
  FOR EACH ROW EXECUTE FUNCTION signalbox.refuse('checkpoints are kept as they were made');
CREATE TRIGGER checkpoint_append_only_all BEFORE TRUNCATE ON signalbox.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.refuse('checkpoints are kept as they were made');

-- In one function without WHEN clauses or CHECKs, which Postgres would parse anew at every write.
CREATE FUNCTION signalbox.guard_stream() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.active AND NEW.ended THEN
    RAISE EXCEPTION USING ERRCODE = 'SB004', MESSAGE = 'A stream that ended cannot be active';
  END IF;
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  END IF;
  IF NEW.fence < OLD.fence OR NEW.version < OLD.version OR NEW.id <> OLD.id
    OR NEW.kind <> OLD.kind THEN
    RAISE EXCEPTION USING ERRCODE = 'SB004', MESSAGE = 'Versions and fences only rise';
  END IF;
  IF OLD.ended AND (NOT NEW.ended OR NEW.version <> OLD.version
    OR NEW.phase IS DISTINCT FROM OLD.phase OR NEW.state::text <> OLD.state::text) THEN
    RAISE EXCEPTION USING ERRCODE = 'SB003', MESSAGE = 'The end of a stream has no exit';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER stream_guarded BEFORE INSERT OR UPDATE ON signalbox.stream
  FOR EACH ROW EXECUTE FUNCTION signalbox.guard_stream();
CREATE TRIGGER stream_stays BEFORE DELETE ON signalbox.stream
  FOR EACH ROW EXECUTE FUNCTION signalbox.refuse('streams are kept');
CREATE TRIGGER stream_stays_all BEFORE TRUNCATE ON signalbox.stream
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.refuse('streams are kept');

-- Writes the row of one stream under its version, fence and end.
-- Raises SB001 (another version), SB002 (another fence), SB003 (ended), 23505 (place taken).
CREATE FUNCTION signalbox.write_stream(
  p_id text, p_kind text, p_expected integer, p_events integer, p_fence integer,
  p_service text, p_environment text, p_phase text, p_active boolean, p_ended boolean,
  p_wake_at bigint, p_state json, p_at bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  found_stream record;
BEGIN
  UPDATE signalbox.stream AS s
  SET version = p_expected + p_events, service = p_service, environment = p_environment,
      phase = p_phase, active = p_active, ended = p_ended, wake_at = p_wake_at, state = p_state,
      updated_at = p_at
  WHERE s.id = p_id AND s.version = p_expected AND NOT s.ended
    AND (p_fence IS NULL OR s.fence = p_fence);
  IF FOUND THEN
    RETURN;
  END IF;
  SELECT coalesce(max(s.version), 0) AS version, coalesce(max(s.fence), 0) AS fence,
    coalesce(bool_or(s.ended), false) AS ended
  INTO found_stream FROM signalbox.stream AS s WHERE s.id = p_id;
  IF found_stream.ended THEN
    RAISE EXCEPTION USING ERRCODE = 'SB003', MESSAGE = format('Stream %s has ended', p_id);
  ELSIF p_fence <> found_stream.fence THEN
    RAISE EXCEPTION USING ERRCODE = 'SB002',
      MESSAGE = format('Stream %s is held under fence %s, not %s', p_id, found_stream.fence, p_fence);
  ELSIF p_expected <> found_stream.version THEN
    RAISE EXCEPTION USING ERRCODE = 'SB001',
      MESSAGE = format('Stream %s is at version %s, not %s', p_id, found_stream.version, p_expected);
  END IF;
  INSERT INTO signalbox.stream (
    id, kind, version, service, environment, phase, active, ended, wake_at, state,
    created_at, updated_at
  ) VALUES (
    p_id, p_kind, p_events, p_service, p_environment, p_phase, p_active, p_ended, p_wake_at, p_state,
    p_at, p_at
  );
END
$$;

-- Appends events at one instant: waits for its turn, completes and hashes the bytes.
-- Each event comes as its canonical JSON in three pieces, between which the time and the sequence
-- number belong. Raises 40001 when a younger transaction has appended already: time along the
-- ledger never runs backwards, and the state beside it was computed with the older time.
CREATE FUNCTION signalbox.append_events(
  p_at bigint, p_streams text[], p_versions integer[], p_kinds text[],
  p_before text[], p_between text[], p_after text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  last_seq bigint;
  last_at bigint;
  chain bytea;
  node bytea;
  event_bytes bytea;
  leaf bytea;
  width bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(7425002);
  SELECT l.seq, l.at, sha256('\x02'::bytea || l.prev_hash || l.leaf_hash), l.node_hash
  INTO last_seq, last_at, chain, node
  FROM signalbox.ledger AS l ORDER BY l.seq DESC LIMIT 1;
  IF NOT FOUND THEN
    last_seq := 0;
    chain := decode(repeat('00', 32), 'hex');
  ELSIF last_at > p_at THEN
    RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'A younger transaction has appended already';
  END IF;
  FOR i IN 1 .. cardinality(p_streams) LOOP
    event_bytes := convert_to(concat(p_before[i], p_at, p_between[i], last_seq + 1, p_after[i]), 'UTF8');
    leaf := sha256('\x00'::bytea || event_bytes);
    IF last_seq % 2 = 0 THEN
      node := leaf;
    ELSE
      -- The leaf before this one completes the left half of the smallest subtree, and so on up.
      node := sha256('\x01'::bytea || node || leaf);
      width := 2;
      WHILE last_seq & width <> 0 LOOP
        SELECT sha256('\x01'::bytea || l.node_hash || node) INTO STRICT node
        FROM signalbox.ledger AS l WHERE l.seq = last_seq + 1 - width;
        width := width * 2;
      END LOOP;
    END IF;
    last_seq := last_seq + 1;
    INSERT INTO signalbox.ledger (seq, at, stream, version, kind, bytes, prev_hash, leaf_hash, node_hash)
    VALUES (last_seq, p_at, p_streams[i], p_versions[i], p_kinds[i], event_bytes, chain, leaf, node);
    chain := sha256('\x02'::bytea || chain || leaf);
  END LOOP;
END
$$;
