-- Both databases run this file as it stands. SQLite takes BYTEA as any other type
-- name and keeps the bytes. Times are milliseconds since 1970 in UTC, by the
-- database's own clock; "until" ends a hold, "forget" ends a row. Keys are hashes in
-- hexadecimal. There is no column for what a person typed but "wording", which is redacted
-- and filled only where the operator asks for it.

-- What a finished event counts as stays in its row until the row is forgotten, and
-- moves to the tables of counts then. So no row is written by two replicas at once, and a
-- replica that freezes in the middle of a transaction is in nobody's way.
CREATE TABLE kapbot_claims (
    event   TEXT    PRIMARY KEY,
    owner   TEXT    NOT NULL,
    fence   BIGINT  NOT NULL,
    until   BIGINT  NOT NULL,
    done    INTEGER NOT NULL,
    forget  BIGINT  NOT NULL,
    hour    BIGINT, -- NULL counts as nothing, like the four below
    adapter TEXT,
    kind    TEXT,
    topic   TEXT,
    wording TEXT
);
CREATE INDEX kapbot_claims_forget ON kapbot_claims (forget);

CREATE TABLE kapbot_conversations (
    conversation TEXT   PRIMARY KEY,
    busy         TEXT   NOT NULL, -- the event that holds it
    until        BIGINT NOT NULL,
    state        BYTEA,
    forget       BIGINT NOT NULL
);
CREATE INDEX kapbot_conversations_forget ON kapbot_conversations (forget);

CREATE TABLE kapbot_counts (
    hour    BIGINT NOT NULL,
    adapter TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    topic   TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    PRIMARY KEY (hour, adapter, kind, topic)
);

CREATE TABLE kapbot_unanswered (
    wording TEXT   PRIMARY KEY,
    n       BIGINT NOT NULL,
    hour    BIGINT NOT NULL -- in which it was last asked
);

CREATE TABLE kapbot_ratings (
    rating  TEXT    PRIMARY KEY,
    hour    BIGINT  NOT NULL,
    topic   TEXT    NOT NULL,
    helpful INTEGER NOT NULL,
    reason  TEXT    NOT NULL
);
CREATE INDEX kapbot_ratings_hour ON kapbot_ratings (hour);

CREATE TABLE kapbot_leases (
    name  TEXT   PRIMARY KEY,
    owner TEXT   NOT NULL,
    fence BIGINT NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE kapbot_settings (
    scope TEXT  NOT NULL,
    name  TEXT  NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (scope, name)
);
