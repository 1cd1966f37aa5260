-- What arrives, what is shown, and who is who.

CREATE TABLE signalbox.inbox (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  source text NOT NULL,
  delivery_id text NOT NULL,
  inbound json NOT NULL,
  arrived_at bigint NOT NULL,
  done_at bigint,
  outcome text
);
CREATE UNIQUE INDEX inbox_delivery ON signalbox.inbox (source, delivery_id);
CREATE INDEX inbox_unfinished ON signalbox.inbox (arrived_at) WHERE done_at IS NULL;

-- Stores deliveries not seen before. A second statement looks up the others, so that it sees what
-- a concurrent call has committed in the meantime.
CREATE FUNCTION signalbox.receive(
  p_sources text[], p_deliveries text[], p_inbounds text[], p_at bigint
) RETURNS TABLE (place bigint, id bigint, fresh boolean) LANGUAGE plpgsql AS $$
DECLARE
  fresh_ids bigint[];
BEGIN
  WITH inserted AS (
    INSERT INTO signalbox.inbox AS i (source, delivery_id, inbound, arrived_at)
    SELECT g.source, g.delivery, g.inbound::json, p_at
    FROM unnest(p_sources, p_deliveries, p_inbounds) WITH ORDINALITY
      AS g (source, delivery, inbound, nth)
    ORDER BY g.source, g.delivery, g.nth
    ON CONFLICT DO NOTHING
    RETURNING i.id
  )
  SELECT array_agg(inserted.id) INTO fresh_ids FROM inserted;
  RETURN QUERY
    SELECT g.nth, i.id, i.id = ANY (coalesce(fresh_ids, '{}'))
      AND g.nth = min(g.nth) OVER (PARTITION BY i.id)
    FROM unnest(p_sources, p_deliveries) WITH ORDINALITY AS g (source, delivery, nth)
    JOIN signalbox.inbox AS i ON i.source = g.source AND i.delivery_id = g.delivery
    ORDER BY g.nth;
END
$$;

CREATE TABLE signalbox.surface (
  id text PRIMARY KEY,
  channel json NOT NULL,
  parent text,
  account json,
  urgency smallint NOT NULL,
  desired_revision integer NOT NULL,
  desired json NOT NULL,
  desired_hash text NOT NULL,
  desired_at bigint NOT NULL,
  delivered_revision integer NOT NULL DEFAULT 0,
  delivered_hash text,
  message json,
  anchored_at bigint,
  next_due_at bigint NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  final boolean NOT NULL,
  ambiguous boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);
CREATE INDEX surface_due ON signalbox.surface (urgency, next_due_at, id)
  WHERE desired_hash IS DISTINCT FROM delivered_hash;

CREATE TABLE signalbox.action (
  token text PRIMARY KEY,
  command text NOT NULL,
  args json NOT NULL,
  plan_hash text,
  rollout text,
  expires_at bigint NOT NULL
);

CREATE TABLE signalbox.account_link (
  platform text NOT NULL,
  tenant text NOT NULL,
  account text NOT NULL,
  person text NOT NULL,
  PRIMARY KEY (platform, tenant, account)
);
CREATE INDEX account_link_person ON signalbox.account_link (person);

CREATE TABLE signalbox.link_ticket (
  token text PRIMARY KEY,
  person text NOT NULL,
  from_account json NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  resume json
);

CREATE TABLE signalbox.sample (
  id text PRIMARY KEY,
  ord bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  rollout text NOT NULL,
  samples text NOT NULL
);
CREATE INDEX sample_rollout ON signalbox.sample (rollout, ord);
CREATE TRIGGER sample_append_only BEFORE UPDATE ON signalbox.sample
  FOR EACH ROW EXECUTE FUNCTION signalbox.refuse('samples are kept as they were seen');

CREATE TABLE signalbox.console_message (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  channel text NOT NULL,
  thread bigint,
  key text NOT NULL UNIQUE,
  author text,
  author_name text NOT NULL,
  only_for text,
  view json NOT NULL,
  posted_at bigint NOT NULL,
  edited_at bigint,
  change bigint NOT NULL UNIQUE
) WITH (fillfactor = 80);
CREATE INDEX console_message_page ON signalbox.console_message (channel, thread, id);
CREATE INDEX console_message_thread ON signalbox.console_message (thread) WHERE thread IS NOT NULL;

CREATE TABLE signalbox.console_read (
  reader text NOT NULL,
  channel text NOT NULL,
  message bigint NOT NULL,
  PRIMARY KEY (reader, channel)
);

CREATE TABLE signalbox.console_account (
  account text PRIMARY KEY,
  name text NOT NULL,
  groups text[] NOT NULL,
  as_of bigint NOT NULL
);

-- Who leads in what: a lease by the database's clock, so that it works the same where there is
-- only one session and no advisory lock could tell two holders apart.
CREATE TABLE signalbox.lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  until timestamptz NOT NULL
);
