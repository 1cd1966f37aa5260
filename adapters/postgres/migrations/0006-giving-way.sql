-- A transaction that keeps losing races takes 7425003 for itself before it looks at anything; until
-- it ends, whoever else wants to append gives way here. It must not wait: it may hold rows that the
-- other one needs.
CREATE FUNCTION signalbox.give_way() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock_shared(7425003) THEN
    RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'A transaction that has lost before goes first';
  END IF;
END
$$;
