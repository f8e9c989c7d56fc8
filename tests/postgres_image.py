"""An image of PostgreSQL that starts without root, as the official one does."""

from __future__ import annotations

import os
import subprocess

from tests.production_stack import docker

_OFFICIAL = "postgres:17"
# For an image of the same name that somebody made another way: its data belong to root, and its
# first process changes to another user, which a container without capabilities cannot.
_WITHOUT_ROOT = """
FROM {image}
RUN mkdir -p "$PGDATA" && chown postgres: "$PGDATA" \\
 && chmod 1777 "$PGDATA" && chmod 3777 /var/run/postgresql
COPY --chmod=755 <<"SCRIPT" /usr/local/bin/without-root
#!/bin/sh
set -eu
PATH="$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres)"):$PATH"
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" -E UTF8 --auth-host=scram-sha-256
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses=" start
  createdb -U "$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl -m fast -w stop
fi
exec postgres -c "listen_addresses=*"
SCRIPT
ENTRYPOINT ["without-root"]
CMD []
"""


def image_without_root(name: str) -> str:
    """Return the name of an image for `POSTGRES_IMAGE`: what is there, else one built on that.

    Args:
        name: for the one that is built.
    """
    image = os.environ.get("POSTGRES_IMAGE") or _OFFICIAL
    look = ("--entrypoint", "sh", image, "-c", 'test -w "$PGDATA"')
    found = subprocess.run(
        ["docker", "run", "--rm", "--user", "postgres", "--cap-drop", "ALL", *look], check=False
    )
    if found.returncode == 0:
        return image
    file = _WITHOUT_ROOT.format(image=image)
    docker("build", "--tag", name, "-", stdin=file)
    return name
