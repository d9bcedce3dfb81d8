#!/bin/sh
# Makes a role and a database of its own for each service. PostgreSQL's image runs it once, when
# its volume is empty. Each password is in NAME_DATABASE_PASSWORD.
set -eu

for service in intake notify reporting; do
  variable="$(printf %s "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=name="$service" --set=password="$(printenv "$variable")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
