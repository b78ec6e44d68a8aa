"""What Alembic runs to migrate: on the connection, and in the transaction, that `database.py` hands over."""

from alembic import context

from assistant.records.database import VERSION_TABLE
from assistant.records.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE)
context.run_migrations()
