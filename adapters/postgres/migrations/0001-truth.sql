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
  leaf_hash bytea NOT NULL
);
CREATE UNIQUE INDEX ledger_stream ON signalbox.ledger (stream, version);
CREATE INDEX ledger_kind ON signalbox.ledger (kind, seq);
CREATE INDEX ledger_at ON signalbox.ledger (at);

-- Where the ledger ends. `frontier` joins the roots of the tree's perfect subtrees, 32 bytes each,
-- largest first. The row is rewritten with every append: most of its page is left free for that.
CREATE TABLE signalbox.ledger_head (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  size bigint NOT NULL,
  at bigint NOT NULL,
  chain bytea NOT NULL,
  frontier bytea NOT NULL
) WITH (fillfactor = 10);
INSERT INTO signalbox.ledger_head (size, at, chain, frontier)
VALUES (0, 0, decode(repeat('00', 32), 'hex'), '');

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
  updated_at bigint NOT NULL,
  CONSTRAINT stream_ended_is_not_active CHECK (NOT (active AND ended))
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
CREATE TRIGGER ledger_head_moves_forward BEFORE UPDATE ON signalbox.ledger_head
  FOR EACH ROW WHEN (NEW.size <= OLD.size OR NEW.at < OLD.at)
  EXECUTE FUNCTION signalbox.refuse('the ledger only grows');
CREATE TRIGGER ledger_head_stays BEFORE DELETE ON signalbox.ledger_head
  FOR EACH ROW EXECUTE FUNCTION signalbox.refuse('the ledger only grows');
CREATE TRIGGER ledger_head_stays_all BEFORE TRUNCATE ON signalbox.ledger_head
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.refuse('the ledger only grows');
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON signalbox.checkpoint
  FOR EACH ROW EXECUTE FUNCTION signalbox.refuse('checkpoints are kept as they were made');
CREATE TRIGGER checkpoint_append_only_all BEFORE TRUNCATE ON signalbox.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.refuse('checkpoints are kept as they were made');

CREATE TRIGGER stream_moves_forward BEFORE UPDATE ON signalbox.stream
  FOR EACH ROW WHEN (
    NEW.fence < OLD.fence OR NEW.version < OLD.version OR NEW.kind <> OLD.kind OR NEW.id <> OLD.id
  )
  EXECUTE FUNCTION signalbox.refuse('versions and fences only rise');
CREATE TRIGGER stream_end_has_no_exit BEFORE UPDATE ON signalbox.stream
  FOR EACH ROW WHEN (
    OLD.ended AND (
      NOT NEW.ended OR NEW.version <> OLD.version OR NEW.phase IS DISTINCT FROM OLD.phase
      OR NEW.state::text <> OLD.state::text
    )
  )
  EXECUTE FUNCTION signalbox.refuse('the stream has ended');
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

-- Appends events at one instant: locks the head, completes and hashes the bytes, moves the head.
-- Each event comes as its canonical JSON in three pieces, between which the time and the sequence
-- number belong. Raises 40001 when a younger transaction has appended already: time along the
-- ledger never runs backwards, and the state beside it was computed with the older time.
CREATE FUNCTION signalbox.append_events(
  p_at bigint, p_streams text[], p_versions integer[], p_kinds text[],
  p_before text[], p_between text[], p_after text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  head record;
  event_bytes bytea;
  leaf bytea;
  node bytea;
  rest bigint;
BEGIN
  SELECT h.size, h.at, h.chain, h.frontier INTO STRICT head FROM signalbox.ledger_head AS h FOR UPDATE;
  IF head.at > p_at THEN
    RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'A younger transaction has appended already';
  END IF;
  FOR i IN 1 .. cardinality(p_streams) LOOP
    rest := head.size;
    head.size := head.size + 1;
    event_bytes := convert_to(concat(p_before[i], p_at, p_between[i], head.size, p_after[i]), 'UTF8');
    leaf := sha256('\x00'::bytea || event_bytes);
    INSERT INTO signalbox.ledger (seq, at, stream, version, kind, bytes, prev_hash, leaf_hash)
    VALUES (head.size, p_at, p_streams[i], p_versions[i], p_kinds[i], event_bytes, head.chain, leaf);
    head.chain := sha256('\x02'::bytea || head.chain || leaf);
    node := leaf;
    WHILE rest % 2 = 1 LOOP
      node := sha256('\x01'::bytea || substring(head.frontier FROM length(head.frontier) - 31) || node);
      head.frontier := substring(head.frontier FOR length(head.frontier) - 32);
      rest := rest / 2;
    END LOOP;
    head.frontier := head.frontier || node;
  END LOOP;
  UPDATE signalbox.ledger_head
  SET size = head.size, at = p_at, chain = head.chain, frontier = head.frontier;
END
$$;
