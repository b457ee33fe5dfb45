"""The tables of the ledger's database, and how a database made by an earlier version gets what it lacks."""

import sqlalchemy as sa

METADATA = sa.MetaData()

CONTENTS = sa.Table(
    "contents",
    METADATA,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("ntriples_gz", sa.LargeBinary, nullable=False),
)
"""Canonical N-Triples, gzipped, by their hash."""

VERSIONS = sa.Table(
    "versions",
    METADATA,
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("graph", sa.String, nullable=False),
    sa.Column("partner", sa.String, nullable=False),
    sa.Column("dataset", sa.String, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("contents.sha256"), nullable=False),
    sa.Column("source_sha256", sa.String(64), nullable=True),
    sa.Column("triples", sa.Integer, nullable=False),
    sa.Column("accepted_at", sa.String, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
    sa.Column("message", sa.String, nullable=False),
    sa.Column("quality_level", sa.String, nullable=True),
    sa.Column("quality_score", sa.Float, nullable=True),
    sa.Column("change", sa.String, nullable=False, server_default="accepted"),
    sa.Column("restores", sa.Integer, nullable=True),
    sa.UniqueConstraint("graph", "version"),
    sqlite_autoincrement=True,
)
"""Every version of every graph, by revision."""

OWNERS = sa.Table(
    "owners",
    METADATA,
    sa.Column("entity", sa.String, primary_key=True),
    sa.Column("partner", sa.String, nullable=False, index=True),
    sa.Column("since_revision", sa.Integer, nullable=False),
    sa.Column("assigned", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""Whose an entity is: of the partner that described it first, or that it was assigned to."""

TOKENS = sa.Table(
    "tokens",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("secret_sha256", sa.String(64), nullable=False),
    sa.Column("partner", sa.String, nullable=False),
    sa.Column("label", sa.String, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("expires_at", sa.String, nullable=False),
    sa.Column("revoked_at", sa.String, nullable=True),
)
"""Access tokens; of the secret only its hash."""

REPLIES = sa.Table(
    "replies",
    METADATA,
    sa.Column("partner", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("request_sha256", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body_gz", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.String, nullable=False),
)
"""Answers to requests with an ``Idempotency-Key``, so that a repeated request gets the same one."""


DEMAND = sa.Table(
    "demand",
    METADATA,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("region", sa.String, primary_key=True),
    sa.Column("capability", sa.String, primary_key=True),
    sa.Column("sector", sa.String, primary_key=True),
    sa.Column("needs", sa.Integer, nullable=False),
)
"""How many needs of a month asked for a capability, by the firm's region and sector; empty where these are not stated.

Nothing else of a need is kept, and these counts follow from nothing else: they are nowhere but here.
"""


def complete(connection: sa.Connection) -> None:
    """Make the tables that are not there, and add the columns that an earlier version did not have."""
    METADATA.create_all(connection)
    known = sa.inspect(connection)
    for table in METADATA.sorted_tables:
        present = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                kind = column.type.compile(connection.dialect)
                default = getattr(column.server_default, "arg", None)
                required = f" NOT NULL DEFAULT '{default}'" if default is not None else ""
                statement = f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {kind}{required}'
                connection.exec_driver_sql(statement)
