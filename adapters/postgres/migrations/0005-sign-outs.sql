-- Sessions of the console that ended before their time. An empty session stands for all of the
-- account that began up to that instant. `until` is when the last such cookie is over by itself.
CREATE TABLE signalbox.console_sign_out (
  account text NOT NULL,
  session text NOT NULL,
  at bigint NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (account, session)
);
