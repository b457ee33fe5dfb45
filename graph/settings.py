"""Settings: each has a default, a unit and a reason, and is an environment variable ``INFRASHARE_…`` too."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import NotFound

MIB = 1024 * 1024


class Settings(BaseSettings):
    """All that an operator can set. Nothing here is read at import: build one and pass it on."""

    model_config = SettingsConfigDict(env_prefix="INFRASHARE_", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder of the ledger, the engine and its snapshots.")
    empty: bool = Field(False, description="Start without the shipped eight-region data.")
    publisher: str = Field(
        "InfraShare contributors",
        min_length=1,
        description="Name of who publishes this service, for the catalogue of its data; by default whom the files that "
        "ship name.",
    )
    ledger: str | None = Field(
        None, description="SQLAlchemy URL of the ledger; by default SQLite in the data directory."
    )

    store: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of the SPARQL query endpoint of a remote engine; by default the engine is embedded in the "
        "data directory.",
    )
    store_update: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of the remote engine's SPARQL Update endpoint; by default that of its queries.",
    )
    store_graphs: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of the remote engine's Graph Store endpoint; with it, large graphs load much faster.",
    )
    store_user: str | None = Field(None, description="User name at the remote engine.")
    store_password: SecretStr | None = Field(None, description="Password at the remote engine.")
    store_auth: Literal["basic", "digest"] = Field(
        "basic", description="How user name and password are sent: HTTP Basic or Digest (Virtuoso)."
    )
    store_dataset: Literal["listed", "union"] = Field(
        "listed",
        description="How a remote engine is asked for all graphs: each listed with every query, which any server "
        "can do and which leaves out what else it holds; or by its default graph where that is their union, which is "
        "faster with hundreds of graphs.",
    )
    store_timeout: float = Field(
        30.0, gt=0, description="Longest wait for one answer of the remote engine, in seconds."
    )
    store_batch: int = Field(
        1_000, gt=0, description="Statements in one update that is sent to a remote engine."
    )

    max_upload_bytes: int = Field(
        64 * MIB, gt=0, description="Largest body of a contribution, in bytes, before and after unpacking."
    )
    body_pause: float = Field(
        30.0, gt=0, description="Longest silence in the middle of a request's body, in seconds."
    )
    max_json_bytes: int = Field(MIB, gt=0, description="Largest JSON request, such as a need, in bytes.")
    max_batch_bytes: int = Field(
        4 * MIB,
        gt=0,
        description="Largest batch of needs, in bytes: it is held in memory while it is answered.",
    )
    max_batch_needs: int = Field(
        1_000, gt=0, description="Most needs of a batch; more are better sent as several batches."
    )
    max_query_bytes: int = Field(100_000, gt=0, description="Longest SPARQL query, in bytes.")
    max_query_nesting: int = Field(
        100, gt=0, description="Deepest nesting of brackets in a query; deeper ones can crash a parser."
    )
    max_need_text: int = Field(4_000, gt=0, description="Longest text of a need, in characters.")

    check_timeout: float = Field(
        120.0, gt=0, description="Wall time for checking one contribution, in seconds."
    )
    check_memory: int = Field(
        4096 * MIB, gt=0, description="Memory of a checking worker, in bytes; it ends when it passes it."
    )
    check_workers: int = Field(2, ge=1, description="Warm workers that parse and check contributions.")
    warm_up: bool = Field(
        True,
        description="Start the checking workers and load the dictionaries before they are asked for; without it the "
        "service starts with less work, and the first upload and the first match wait for them.",
    )
    write_queue: int = Field(
        16, ge=0, description="Contributions that may wait to be accepted before 503 is answered."
    )
    query_timeout: float = Field(30.0, gt=0, description="Wall time of a public SPARQL query, in seconds.")
    query_memory: int = Field(
        2048 * MIB, gt=0, description="Memory of a query worker, in bytes; it ends when it passes it."
    )
    query_workers: int = Field(
        2, ge=1, description="Warm workers that run public SPARQL queries, apart from those that take long."
    )
    long_query: float = Field(
        0.25,
        gt=0,
        description="Seconds of computing after which a query is a long one: it goes on behind the short ones.",
    )
    long_queries: int = Field(
        3,
        ge=1,
        description="Long queries that run at once, each with query_memory at most; a client may have one less.",
    )
    query_penalty: float = Field(
        300.0,
        gt=0,
        description="Seconds for which a query that passed a limit is refused when it is asked again.",
    )
    query_budget: float = Field(
        120.0, gt=0, description="Seconds of evaluation that a client may ask for in each query_window."
    )
    query_window: float = Field(60.0, gt=0, description="Seconds in which a client's budget is filled again.")
    service_allowed: tuple[str, ...] = Field(
        (),
        description="Endpoints that queries may call by SERVICE, as a JSON list of their IRIs; by default none. "
        "Queries that call one run in workers with a network.",
    )
    max_result_bytes: int = Field(64 * MIB, gt=0, description="Largest SPARQL result, in bytes.")
    max_result_rows: int = Field(
        500_000, gt=0, description="Longest SPARQL result, in rows of a table or in triples."
    )
    worker_queue: int = Field(16, ge=0, description="Jobs that may wait for a worker before 503 is answered.")
    past_revisions: int = Field(
        4,
        ge=1,
        description="Past revisions kept ready for readers; each takes as much disk as the engine, and the one "
        "used longest ago goes.",
    )
    max_findings: int = Field(
        1_000, gt=0, description="Findings listed in a report; further ones are counted only."
    )

    demand_least: int = Field(
        5,
        ge=2,
        description="Needs that a cell of the published demand has at least: fewer could point to one firm.",
    )

    @property
    def past_dir(self) -> Path:
        """The folder of past states of the dataset."""
        return self.data_dir / "past"

    @property
    def ledger_url(self) -> str:
        """The SQLAlchemy URL of the ledger."""
        return self.ledger or f"sqlite:///{self.data_dir / 'ledger.sqlite'}"

    @property
    def existing_ledger_url(self) -> str:
        """The URL of a ledger that is there already. Raises ``NotFound`` for a data directory without one."""
        if self.ledger is None and not (self.data_dir / "ledger.sqlite").is_file():
            raise NotFound(f"{self.data_dir} holds no ledger; name the data directory with --data-dir")
        return self.ledger_url
