"""How alembic runs the scripts beside this file: on the connection, and in the transaction, of `lib.store.migrate`."""

from alembic import context

from lib.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
