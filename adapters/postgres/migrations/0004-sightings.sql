-- Since when an account has been seen in a source of roles: an age that platforms do not tell.
CREATE TABLE signalbox.sighting (
  source text NOT NULL,
  account text NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (source, account)
);
