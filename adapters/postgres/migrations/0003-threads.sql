-- Which live message a thread hangs under: commands typed in it mean that one.

CREATE INDEX surface_message ON signalbox.surface ((message ->> 'message'))
  WHERE message IS NOT NULL;
