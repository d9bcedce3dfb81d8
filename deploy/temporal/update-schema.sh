#!/bin/sh
# Brings the Temporal server's two databases to the schema of its release. Repeating it is harmless.
# Where they are, and the password, temporal-sql-tool reads itself from SQL_HOST, SQL_PASSWORD…
set -eu

update() {
  temporal-sql-tool --db "$1" create
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

update temporal temporal
update temporal_visibility visibility
