"""Where triples live: the ledger of contributions, the embedded engine, snapshots and query workers."""
