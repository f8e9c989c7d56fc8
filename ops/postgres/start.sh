#!/bin/sh
# Starts PostgreSQL in a container that has never been root and has no capability; makes the database
# first where there is none. The image's own way of starting begins as root in some images, and half of a
# database that it made before it was killed stays half; this one begins anew.
set -eu
PATH="$PATH:$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null || command -v postgres)")"

if [ ! -d "$PGDATA" ]; then
  making="$PGDATA.making"
  rm -rf "$making"
  echo "making the database $POSTGRES_DB" >&2
  password=${POSTGRES_PASSWORD_FILE:-/tmp/password}
  [ -n "${POSTGRES_PASSWORD_FILE:-}" ] || (umask 077 && printf %s "$POSTGRES_PASSWORD" > "$password")
  # Who is in this container is trusted; all others need the password.
  initdb --pgdata="$making" --username="$POSTGRES_USER" --pwfile="$password" \
    --encoding=UTF8 --auth-local=trust --auth-host=scram-sha-256 > /tmp/initdb.log || { cat /tmp/initdb.log >&2; exit 1; }
  echo 'host all all all scram-sha-256' >> "$making/pg_hba.conf"
  echo "CREATE DATABASE \"$POSTGRES_DB\"" | postgres --single -D "$making" postgres > /dev/null
  sync
  mv "$making" "$PGDATA"
fi
exec postgres -c "listen_addresses=*" -c unix_socket_directories=/tmp
